// Owns the timeline of a cine: a mark for each annotated or proposed frame, and a head that is dragged to scrub.
import { type KeyboardEvent, type PointerEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { nextInQueue, stepFrame } from '../session/navigation.ts';
import { scrubTo, shownIndex, stop } from '../session/playback.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './cine-timeline.module.css';
import { type FrameMark, frameMark } from './review-mark.tsx';
import { drawTimelineMarks } from './timeline-marks.ts';

export function CineTimeline(): ReactElement {
  const session = useSession();
  const count = useSessionState((state) => state.frames.length);
  const index = useSessionState(shownIndex);
  const colorScheme = useSessionState((state) => state.colorScheme);
  const track = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState(false);

  const indexAt = (event: PointerEvent): number => {
    const box = track.current!.getBoundingClientRect();
    return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * count)));
  };
  const end = (): void => {
    if (!dragged) return;
    setDragged(false);
    void stop(session);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void stepFrame(session, step);
  };

  return (
    <div
      ref={track}
      className={styles.track}
      role="slider"
      tabIndex={0}
      aria-label={t('cine.timeline')}
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={index + 1}
      aria-valuetext={t('cine.place', { number: index + 1, count })}
      data-dragged={dragged || undefined}
      data-testid="cine-timeline"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        // The keyboard is left to the commands.
        event.preventDefault();
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(true);
        scrubTo(session, indexAt(event));
      }}
      onPointerMove={(event) => dragged && scrubTo(session, indexAt(event))}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {/* Drawn anew in the colours of another theme. */}
      <Marks key={colorScheme} />
      <div className={styles.head} style={{ left: `${(100 * (index + 0.5)) / count}%` }} data-testid="cine-head" />
    </div>
  );
}

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};

function Marks(): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frames = useSessionState((state) => state.frames);
  const labelId = useSessionState((state) => state.labelId);
  const mostToLearn = useSessionState((state) => nextInQueue(state)?.frameId ?? null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const marks = frames.map(({ id, states }): FrameMark | null =>
      frameMark(states[labelId ?? ''], id === mostToLearn),
    );
    if (canvas.current && width > 0) drawTimelineMarks(canvas.current, marks);
  }, [frames, labelId, mostToLearn, width]);

  return <canvas ref={canvas} className={styles.marks} aria-hidden />;
}
