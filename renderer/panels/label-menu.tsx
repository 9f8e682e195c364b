// Owns what can be done with a label: how it is drawn, its place in the list, changing it, and putting it away.
import { type ReactElement, useState } from 'react';
import { Menu, Slider, UnstyledButton } from '@mantine/core';
import {
  IconArchive,
  IconArrowDown,
  IconArrowUp,
  IconContrast2,
  IconDots,
  IconPencil,
  IconSquare,
  IconTrash,
} from '@tabler/icons-react';
import type { CommandOutput, LabelView } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { changeLook, lookOf } from '../session/label-looks.ts';
import { changeLabel, moveLabel, removeLabel } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownList, t } from '../strings/index.ts';
import styles from './labels-panel.module.css';

interface LabelMenuProps {
  readonly label: LabelView;
  readonly place: number;
  readonly count: number;
}

export function LabelMenu({ label, place, count }: LabelMenuProps): ReactElement {
  const session = useSession();
  const { store, api } = session;
  const outlineOnly = useSessionState((state) => lookOf(state, label.id).outlineOnly);
  const [usage, setUsage] = useState<CommandOutput<'label:usage'> | null>(null);
  const open = (): void => {
    setUsage(null);
    // Without an answer it is not offered to remove the label.
    api.send('label:usage', { labelId: label.id }).then(setUsage, () => {});
  };
  const act = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      const text = messageOf(error);
      store.setState({ notice: { tone: 'trouble', text } });
    });
  };
  const isUnused = usage !== null && usage.annotations + usage.measurements + usage.adapters === 0;
  return (
    <Menu position="bottom-end" width={224} onOpen={open} closeOnItemClick>
      <Menu.Target>
        <UnstyledButton
          className={styles.look}
          aria-label={t('labels.more', { name: label.name })}
          data-testid="label-menu"
        >
          <IconDots size={16} stroke={1.6} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown data-testid="label-menu-items">
        <Menu.Item
          leftSection={<IconPencil size={15} />}
          onClick={() => store.setState({ dialog: 'edit-label', editedLabelId: label.id })}
          data-testid="label-edit"
        >
          {t('labels.edit')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={outlineOnly ? <IconContrast2 size={15} /> : <IconSquare size={15} />}
          onClick={() => changeLook(session, label.id, { outlineOnly: !outlineOnly })}
          data-testid="label-outline"
        >
          {outlineOnly ? t('labels.fill') : t('labels.outlinesOnly')}
        </Menu.Item>
        {!outlineOnly && <OpacitySlider labelId={label.id} />}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconArrowUp size={15} />}
          disabled={place === 0}
          onClick={() => act(moveLabel(session, label.id, -1))}
          data-testid="label-up"
        >
          {t('labels.moveUp')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={15} />}
          disabled={place === count - 1}
          onClick={() => act(moveLabel(session, label.id, 1))}
          data-testid="label-down"
        >
          {t('labels.moveDown')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconArchive size={15} />}
          onClick={() => act(changeLabel(session, label.id, { hidden: true }))}
          data-testid="label-hide"
        >
          {t('labels.putAway')}
        </Menu.Item>
        {isUnused && (
          <Menu.Item
            leftSection={<IconTrash size={15} />}
            color="var(--trouble)"
            onClick={() => act(removeLabel(session, label.id))}
            data-testid="label-remove"
          >
            {t('labels.remove')}
          </Menu.Item>
        )}
        {usage && !isUnused && <p className={styles.usage}>{t('labels.usage', { what: describeUsage(usage) })}</p>}
      </Menu.Dropdown>
    </Menu>
  );
}

function OpacitySlider({ labelId }: { readonly labelId: string }): ReactElement {
  const session = useSession();
  const opacity = useSessionState((state) => lookOf(state, labelId).opacity);
  const percent = Math.round(opacity * 100);
  return (
    <div className={styles.opacity}>
      <span>{t('labels.fillOpacity', { percent })}</span>
      <Slider
        size={4}
        thumbSize={14}
        min={5}
        max={90}
        step={5}
        value={percent}
        onChange={(value) => changeLook(session, labelId, { opacity: value / 100 })}
        label={null}
        thumbLabel={t('labels.opacity')}
        data-testid="label-opacity"
      />
    </div>
  );
}

function describeUsage({ annotations, measurements, adapters }: CommandOutput<'label:usage'>): string {
  const parts = [
    annotations > 0 ? t('labels.annotatedFrames', { count: annotations }) : '',
    measurements > 0 ? t('labels.measurements', { count: measurements }) : '',
    adapters > 0 ? t('labels.adapters', { count: adapters }) : '',
  ];
  return shownList(parts.filter(Boolean), 'unit');
}
