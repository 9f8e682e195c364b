// Owns the list of what is measured by hand in the frame: figures, the region whose scale was used, and the structure that it belongs to.
import type { ReactElement } from 'react';
import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconAngle,
  IconCheck,
  IconDots,
  IconOval,
  IconRuler2,
  IconTrash,
} from '@tabler/icons-react';
import type { MeasurementView } from '../../electron/common/api.ts';
import { measureShape } from '../../electron/common/measurements.ts';
import { findCommand } from '../commands/index.ts';
import { keysOf } from '../commands/key-map.ts';
import { shownKey } from '../commands/keyboard.ts';
import { regionsOf } from '../session/frame-scale.ts';
import { offeredLabels } from '../session/label-looks.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { figureText, refusalWords } from '../session/measurement-words.ts';
import { measurementsOf, moveMeasurement, removeMeasurement } from '../session/measurements.ts';
import { selectedFrame } from '../session/session.ts';
import { t } from '../strings/index.ts';
import { isMeasureTool } from '../tools/measure/index.ts';
import styles from './measurements-panel.module.css';
import { SideSection } from './side-section.tsx';

const icons = { length: IconRuler2, ellipse: IconOval, angle: IconAngle } as const;

export function MeasurementsPanel(): ReactElement | null {
  const list = useSessionState(measurementsOf);
  const tool = useSessionState((state) => state.tool);
  const isMeasuring = isMeasureTool(tool);
  if (list.length === 0 && !isMeasuring) return null;
  return (
    <SideSection title={t('measurements.title')} testId="measurements-panel">
      {list.map((measurement, index) => (
        <MeasurementRow key={measurement.trackingUID} measurement={measurement} number={index + 1} />
      ))}
      {isMeasuring && <p className={styles.hint}>{t(`tools.${tool}.hint`)}</p>}
    </SideSection>
  );
}

function MeasurementRow(props: { readonly measurement: MeasurementView; readonly number: number }): ReactElement {
  const { measurement, number } = props;
  const { trackingUID, kind, points } = measurement;
  const session = useSession();
  const regions = useSessionState(regionsOf);
  const pixelAspectRatio = useSessionState((state) => selectedFrame(state)?.pixelAspectRatio ?? 1);
  const isChosen = useSessionState((state) => state.selectedMeasurement === trackingUID);
  const label = useSessionState((state) => state.labels.find((one) => one.id === measurement.labelId));
  // While it is on its way nothing is said; where it does not arrive, it is.
  const isUnsaved = useSessionState(
    (state) => state.save.kind === 'retrying' && state.measurements?.unsaved.includes(trackingUID) === true,
  );
  const { figures, calibration, refusal } = measureShape({ kind, points }, regions, pixelAspectRatio);
  const removeKey = useSessionState((state) => keysOf(findCommand('edit.remove'), state.keyMap)[0]);
  const Icon = icons[kind];
  return (
    <div className={styles.row} data-on={isChosen || undefined} data-testid="measurement-row">
      <UnstyledButton
        className={styles.choose}
        aria-pressed={isChosen}
        onClick={() => session.store.setState({ selectedMeasurement: isChosen ? null : trackingUID })}
      >
        <span className={styles.number}>{number}</span>
        <Icon size={16} stroke={1.6} aria-hidden />
        <span className={styles.figures} data-testid="measurement-figures">
          {figures.map((figure, index) => (
            <span key={figure.name} className={index === 0 ? styles.first : styles.further}>
              {figures.length > 1 && `${t(`measurements.figures.${figure.name}`)} `}
              {figureText(figure)}
            </span>
          ))}
          <span className={styles.about}>
            {calibration ? t('regions.number', { number: calibration.region }) : refusal && refusalWords(refusal)}
            {label && (
              <>
                {' · '}
                <span className={styles.swatch} style={{ background: label.color }} /> {label.name}
              </>
            )}
            {isUnsaved && (
              <span className={styles.unsaved} data-testid="measurement-unsaved">
                {' · '}
                <IconAlertTriangle size={12} aria-hidden /> {t('measurements.unsaved')}
              </span>
            )}
          </span>
        </span>
      </UnstyledButton>
      <MoveMenu measurement={measurement} number={number} />
      <Tooltip
        label={removeKey ? t('measurements.removeWithKey', { key: shownKey(removeKey) }) : t('measurements.remove')}
        position="left"
      >
        <UnstyledButton
          className={styles.remove}
          aria-label={t('measurements.removeNumber', { number })}
          onClick={() => removeMeasurement(session, trackingUID)}
          data-testid="measurement-remove"
        >
          <IconTrash size={15} stroke={1.6} />
        </UnstyledButton>
      </Tooltip>
    </div>
  );
}

/** Which label it belongs to, and those that it may be given to. */
function MoveMenu(props: { readonly measurement: MeasurementView; readonly number: number }): ReactElement {
  const { trackingUID, labelId } = props.measurement;
  const session = useSession();
  const labels = useSessionState((state) => state.labels);
  const choices = [...offeredLabels(labels), null];
  return (
    <Menu position="bottom-end" width={208}>
      <Menu.Target>
        <UnstyledButton
          className={styles.more}
          aria-label={t('measurements.moveNumber', { number: props.number })}
          data-testid="measurement-menu"
        >
          <IconDots size={15} stroke={1.6} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown data-testid="measurement-menu-items">
        <Menu.Label>{t('measurements.moveTo')}</Menu.Label>
        {choices.map((label) => (
          <Menu.Item
            key={label?.id ?? 'none'}
            leftSection={<span className={styles.swatch} style={{ background: label?.color ?? 'transparent' }} />}
            rightSection={labelId === (label?.id ?? null) ? <IconCheck size={14} /> : null}
            onClick={() => moveMeasurement(session, trackingUID, label?.id ?? null)}
          >
            {label?.name ?? t('measurements.noLabel')}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
