// Owns the three hints of the first day; each goes away by doing what it says.
import type { ReactElement } from 'react';
import { CloseButton } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { finishHint } from '../session/decisions.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import type { HintName } from '../session/state.ts';
import styles from './hints.module.css';

const hints: readonly { readonly name: HintName; readonly text: ReactElement }[] = [
  {
    name: 'paint',
    text: (
      <>
        Correct the dashed proposal: <kbd>P</kbd> paints, <kbd>E</kbd> erases
      </>
    ),
  },
  {
    name: 'undo',
    text: (
      <>
        Take any stroke back: <kbd>Ctrl Z</kbd>
      </>
    ),
  },
  {
    name: 'decide',
    text: (
      <>
        Right? <kbd>A</kbd> accepts. Nothing there? <kbd>X</kbd>
      </>
    ),
  },
];

export function Hints(): ReactElement | null {
  const session = useSession();
  const done = useSessionState((state) => state.hintsDone);
  const hasFrame = useSessionState((state) => state.frameId !== null && state.labelId !== null);
  if (!hasFrame || hints.every((hint) => done.includes(hint.name))) return null;
  const dismiss = (): void => {
    for (const hint of hints) finishHint(session, hint.name);
  };
  return (
    <div className={styles.card} data-testid="hints">
      <CloseButton className={styles.close} size="sm" aria-label="Dismiss the hints" onClick={dismiss} />
      {hints.map((hint) => (
        <p key={hint.name} className={styles.hint} data-done={done.includes(hint.name) || undefined}>
          {done.includes(hint.name) ? (
            <IconCircleCheckFilled size={15} className={styles.tick} aria-label="done" />
          ) : (
            <IconCircle size={15} aria-hidden />
          )}
          <span>{hint.text}</span>
        </p>
      ))}
    </div>
  );
}
