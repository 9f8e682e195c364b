// Owns the line that tells how far the proposals for many frames are.
import type { ReactElement } from 'react';
import { Button, Progress } from '@mantine/core';
import { cancelProposeForAll } from '../session/proposals-ahead.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import styles from './propose-progress.module.css';

export function ProposeProgress(): ReactElement | null {
  const session = useSession();
  const run = useSessionState((state) => state.proposeRun);
  if (!run) return null;
  const { done, total, framesPerSecond, secondsLeft, cancelling } = run;
  const words = [
    total === 0 ? 'Proposing …' : `Proposed for ${done} of ${total} frames`,
    ...(framesPerSecond > 0 ? [`${framesPerSecond.toFixed(1)} a second`] : []),
    ...(secondsLeft === null ? [] : [`${Math.ceil(secondsLeft)} s left`]),
  ];
  return (
    <div className={styles.line} role="status" data-testid="propose-progress" data-done={done} data-total={total}>
      <span className={styles.words}>{words.join(' · ')}</span>
      <Progress
        className={styles.progress}
        value={total === 0 ? 0 : (100 * done) / total}
        size="sm"
        aria-label="Frames proposed for"
      />
      <Button
        size="compact-sm"
        h={24}
        variant="default"
        disabled={cancelling}
        onClick={() => void cancelProposeForAll(session)}
        data-testid="propose-cancel"
      >
        {cancelling ? 'Cancelling …' : 'Cancel'}
      </Button>
    </div>
  );
}
