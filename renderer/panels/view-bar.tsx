// Owns the row of buttons over the frame that change how it is shown, and the card of brightness, contrast and turning behind the last of them.
import type { ReactElement } from 'react';
import { Button, Popover, Slider, Tooltip, UnstyledButton } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { changedWindow, sameWindow, type GreyWindow, wholeWindow, windowPresets } from '../editor/grey/grey-window.ts';
import { changeDisplay, changeWindow } from '../session/display.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownNumber, t } from '../strings/index.ts';
import { CommandButton } from './command-button.tsx';
import styles from './view-bar.module.css';

export function ViewBar(): ReactElement | null {
  const hasFrame = useSessionState((state) => state.frameId !== null);
  const changed = useSessionState(
    ({ display: { window, orientation } }) =>
      !sameWindow(window, wholeWindow) || orientation.quarterTurns !== 0 || orientation.mirrored,
  );
  const isWindowing = useSessionState((state) => state.tool === 'window');
  if (!hasFrame) return null;
  return (
    <div className={styles.bar} role="group" aria-label={t('viewCard.bar')} data-testid="view-bar">
      <CommandButton command="view.zoom-out" kind="tool" tooltipSide="bottom" />
      <CommandButton command="view.zoom-in" kind="tool" tooltipSide="bottom" />
      <CommandButton command="view.fit" kind="tool" tooltipSide="bottom" />
      <CommandButton command="tool.window" kind="tool" isOn={isWindowing} tooltipSide="bottom" />
      <Popover position="bottom-end" width={304} withArrow arrowOffset={12}>
        <Popover.Target>
          <Tooltip label={t('viewCard.title')} position="bottom">
            <UnstyledButton
              className={styles.more}
              data-on={changed || undefined}
              aria-label={t('viewCard.title')}
              data-testid="view-card-button"
            >
              <IconAdjustmentsHorizontal size={19} stroke={1.6} />
            </UnstyledButton>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('viewCard.title')} data-testid="view-card">
          <ViewCard />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function ViewCard(): ReactElement {
  const session = useSession();
  const window = useSessionState((state) => state.display.window);
  const display = useSessionState((state) => state.display);
  return (
    <div className={styles.card}>
      <p className={styles.hint}>{t('viewCard.hint')}</p>
      <WindowSlider
        name="center"
        title={t('viewCard.brightness')}
        value={255 - window.center}
        min={0}
        max={255}
        toWindow={(value) => 255 - value}
      />
      <WindowSlider
        name="width"
        title={t('viewCard.contrast')}
        value={514 - window.width}
        min={2}
        max={512}
        toWindow={(value) => 514 - value}
      />
      <WindowSlider
        name="gamma"
        title={t('viewCard.gamma')}
        value={window.gamma}
        min={0.2}
        max={3}
        step={0.05}
        toWindow={(value) => value}
      />
      <div className={styles.presets}>
        {windowPresets.map((preset) => (
          <Button
            key={preset.id}
            size="compact-sm"
            h={26}
            variant={sameWindow(window, preset.window) ? 'filled' : 'default'}
            onClick={() => changeDisplay(session, { window: changedWindow(preset.window, {}) })}
            data-testid={`window-${preset.id}`}
          >
            {t(`viewCard.presets.${preset.id}`)}
          </Button>
        ))}
      </div>
      <div className={styles.row}>
        <CommandButton command="display.rotate" kind="tool" tooltipSide="bottom" />
        <CommandButton command="display.flip-across" kind="tool" tooltipSide="bottom" />
        <CommandButton command="display.flip-down" kind="tool" tooltipSide="bottom" />
        <CommandButton command="display.upright" kind="tool" tooltipSide="bottom" />
        <span className={styles.space} />
        <CommandButton command="view.one-to-one" kind="tool" tooltipSide="bottom" />
        <CommandButton command="display.crosshair" kind="tool" isOn={display.crosshair} tooltipSide="bottom" />
        <CommandButton command="display.ruler" kind="tool" isOn={display.ruler} tooltipSide="bottom" />
        <CommandButton command="display.regions" kind="tool" isOn={display.regions} tooltipSide="bottom" />
      </div>
      <FileFaults />
    </div>
  );
}

interface WindowSliderProps {
  readonly name: keyof GreyWindow;
  readonly title: string;
  /** On the slider, where further right is more. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly toWindow: (value: number) => number;
}

function WindowSlider({ name, title, value, min, max, step = 1, toWindow }: WindowSliderProps): ReactElement {
  const session = useSession();
  const figure = useSessionState((state) => state.display.window[name]);
  const words = {
    center: t('viewCard.level', { figure }),
    width: t('viewCard.width', { figure }),
    gamma: shownNumber(figure, 2),
  }[name];
  return (
    <div className={styles.slider}>
      <span>{title}</span>
      <span className={styles.figure} data-testid={`window-figure-${name}`}>
        {words}
      </span>
      <Slider
        className={styles.track}
        size={4}
        thumbSize={14}
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={(next) => changeWindow(session, { [name]: toWindow(next) })}
        label={null}
        thumbLabel={title}
      />
    </div>
  );
}

/** What was found wrong with the file, its regions among it. */
function FileFaults(): ReactElement | null {
  const warnings = useSessionState((state) => state.frameScale?.warnings);
  if (!warnings || warnings.length === 0) return null;
  return (
    <div className={styles.faults} data-testid="file-faults">
      <p className={styles.faultsTitle}>{t('viewCard.faults')}</p>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </div>
  );
}
