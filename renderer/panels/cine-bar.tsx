// Owns the row under the frame of a cine: play, the timeline, speed and order.
import type { ReactElement } from 'react';
import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { IconArrowsLeftRight, IconPlayerPauseFilled, IconPlayerPlayFilled, IconRepeat } from '@tabler/icons-react';
import { findCommand, runCommand } from '../commands/index.ts';
import { keysOf } from '../commands/key-map.ts';
import { shownKey } from '../commands/keyboard.ts';
import { frameRate, playSpeeds } from '../session/cine-clock.ts';
import { shownIndex } from '../session/playback.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownNumber, t } from '../strings/index.ts';
import styles from './cine-bar.module.css';
import { CineTimeline } from './cine-timeline.tsx';

export function CineBar(): ReactElement | null {
  const isCine = useSessionState((state) => state.cine !== null);
  if (!isCine) return null;
  return (
    <div className={styles.bar} role="group" aria-label={t('cine.title')} data-testid="cine-bar">
      <PlayButton />
      <Place />
      <CineTimeline />
      <SpeedMenu />
      <OrderButton />
    </div>
  );
}

function PlayButton(): ReactElement {
  const session = useSession();
  const isPlaying = useSessionState((state) => state.playback.kind === 'playing');
  const key = useKey('cine.play');
  const name = isPlaying ? t('cine.pause') : t('cine.play');
  return (
    <Tooltip label={[name, key].filter(Boolean).join(' · ')}>
      <UnstyledButton
        className={styles.play}
        aria-label={name}
        onClick={() => runCommand(session, findCommand('cine.play'))}
        data-testid="cine-play"
        data-playing={isPlaying}
      >
        {isPlaying ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
      </UnstyledButton>
    </Tooltip>
  );
}

/** The key of a command as people read it; null where it has none. */
function useKey(id: string): string | null {
  const key = useSessionState((state) => keysOf(findCommand(id), state.keyMap)[0]);
  return key ? shownKey(key) : null;
}

function Place(): ReactElement {
  const index = useSessionState(shownIndex);
  const count = useSessionState((state) => state.frames.length);
  return (
    <span className={styles.place} style={{ minWidth: `${2 * String(count).length + 3}ch` }} data-testid="cine-place">
      {index + 1} / {count}
    </span>
  );
}

function SpeedMenu(): ReactElement {
  const session = useSession();
  const speed = useSessionState((state) => state.playback.speed);
  const rate = useSessionState(({ frames, frameDurationsMs }) => rateWords(frames.length, frameDurationsMs));
  const [slower, faster] = [useKey('cine.slower'), useKey('cine.faster')];
  return (
    <Menu position="top-end">
      <Menu.Target>
        <Tooltip
          label={[rate, slower && t('cine.slower', { key: slower }), faster && t('cine.faster', { key: faster })]
            .filter(Boolean)
            .join(' · ')}
        >
          <UnstyledButton className={styles.choice} aria-label={t('cine.speed', { speed })} data-testid="cine-speed">
            {t('cine.times', { speed })}
          </UnstyledButton>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {playSpeeds.toReversed().map((choice) => (
          <Menu.Item
            key={choice}
            aria-current={choice === speed || undefined}
            className={styles.speed}
            onClick={() => session.store.setState(({ playback }) => ({ playback: { ...playback, speed: choice } }))}
          >
            {t('cine.times', { speed: choice })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function rateWords(count: number, told: readonly number[] | null): string {
  const { perSecond, isTold } = frameRate(count, told);
  const rate = shownNumber(perSecond, 1, 0);
  return isTold ? t('cine.rate', { rate }) : t('cine.guessedRate', { rate });
}

function OrderButton(): ReactElement {
  const session = useSession();
  const order = useSessionState((state) => state.playback.order);
  const key = useKey('cine.order');
  const name = order === 'loop' ? t('cine.loop') : t('cine.backAndForth');
  return (
    <Tooltip label={key ? t('cine.changedBy', { order: name, key }) : name}>
      <UnstyledButton
        className={styles.choice}
        aria-label={name}
        onClick={() => runCommand(session, findCommand('cine.order'))}
        data-testid="cine-order"
        data-order={order}
      >
        {order === 'loop' ? <IconRepeat size={16} /> : <IconArrowsLeftRight size={16} />}
      </UnstyledButton>
    </Tooltip>
  );
}
