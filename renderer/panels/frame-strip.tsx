// Owns the row of frames below the canvas. Only what is in sight is built, so that a long cine stays light.
import { memo, type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import { UnstyledButton } from '@mantine/core';
import type { FrameSummary } from '../../electron/common/api.ts';
import { nextInQueue, openFrame } from '../session/navigation.ts';
import { shownFrameId } from '../session/playback.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './frame-strip.module.css';
import { frameMark, markLooks, ReviewMark } from './review-mark.tsx';
import { Thumbnail } from './thumbnail.tsx';

const itemWidth = 68;
const spare = 6;

export function FrameStrip(): ReactElement {
  const frames = useSessionState((state) => state.frames);
  const frameId = useSessionState(shownFrameId);
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ first: 0, last: 12 });

  const look = useCallback((): void => {
    const element = scroller.current;
    if (!element) return;
    const first = Math.max(0, Math.floor(element.scrollLeft / itemWidth) - spare);
    const last = Math.ceil((element.scrollLeft + element.clientWidth) / itemWidth) + spare;
    setRange((range) => (range.first === first && range.last === last ? range : { first, last }));
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    // A wheel scrolls the row, which has no other way to go.
    const onWheel = (event: WheelEvent): void => {
      element.scrollLeft += event.deltaY + event.deltaX;
      event.preventDefault();
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, [look]);

  const index = frames.findIndex((frame) => frame.id === frameId);
  useEffect(() => {
    const element = scroller.current;
    if (!element || index < 0) return;
    const left = index * itemWidth;
    const inSight = left >= element.scrollLeft && left + itemWidth <= element.scrollLeft + element.clientWidth;
    if (!inSight) element.scrollLeft = left - element.clientWidth / 2 + itemWidth / 2;
    look();
  }, [index, look]);

  return (
    <div className={styles.strip} ref={scroller} onScroll={look} data-testid="frame-strip">
      <div
        className={styles.row}
        style={{ width: frames.length * itemWidth }}
        role="group"
        aria-label={t('strip.frames')}
      >
        {frames.slice(range.first, range.last).map((frame, offset) => (
          <FrameItem
            key={frame.id}
            frame={frame}
            number={range.first + offset + 1}
            left={(range.first + offset) * itemWidth}
            isOpen={frame.id === frameId}
          />
        ))}
      </div>
    </div>
  );
}

interface FrameItemProps {
  readonly frame: FrameSummary;
  /** Its place in the study, from 1: frame numbers of several files repeat. */
  readonly number: number;
  readonly left: number;
  readonly isOpen: boolean;
}

/** Remembered, so that a passing frame draws two of them again and not all. */
const FrameItem = memo(function FrameItem({ frame, number, left, isOpen }: FrameItemProps): ReactElement {
  const session = useSession();
  const mark = useSessionState((state) =>
    frameMark(frame.states[state.labelId ?? ''], nextInQueue(state)?.frameId === frame.id),
  );
  const studyId = useSessionState((state) => state.studyId);
  const look = mark && markLooks[mark];
  return (
    <UnstyledButton
      className={styles.frame}
      style={{ left }}
      data-on={isOpen || undefined}
      aria-current={isOpen || undefined}
      aria-label={
        mark ? t('strip.frameRead', { number, state: t(`reviewStates.${mark}`) }) : t('strip.frame', { number })
      }
      // Not the library's tooltip: there are many of these, and each would cost.
      title={mark ? t('strip.frameMarked', { number, state: t(`reviewStates.${mark}`) }) : t('strip.frame', { number })}
      // The keyboard stays where it was: the space bar goes on playing.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => studyId !== null && void openFrame(session, studyId, frame.id)}
      data-testid="frame-item"
      data-frame-id={frame.id}
      data-mark={mark ?? 'none'}
    >
      <Thumbnail frameId={frame.id} />
      <span className={styles.number}>{number}</span>
      {mark && (
        <span className={styles.mark}>
          <ReviewMark mark={mark} />
        </span>
      )}
      {look && <span className={styles.line} data-mark={mark} style={{ color: look.color }} />}
    </UnstyledButton>
  );
});
