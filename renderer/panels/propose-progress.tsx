// Owns the line that tells how far work on many frames is: proposals for all of them, or a structure followed through them.
import type { ReactElement } from 'react';
import { Button, Progress } from '@mantine/core';
import { cancelPropagation } from '../session/carry-over.ts';
import { cancelProposeForAll } from '../session/proposals-ahead.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownNumber, t } from '../strings/index.ts';
import styles from './propose-progress.module.css';

export function ProposeProgress(): ReactElement | null {
  const session = useSession();
  const run = useSessionState((state) => state.proposeRun);
  if (!run) return null;
  const { done, total, framesPerSecond, secondsLeft } = run;
  const words = [
    total === 0 ? t('proposals.starting') : t('proposals.progress', { done, count: total }),
    ...(framesPerSecond > 0 ? [t('proposals.rate', { rate: shownNumber(framesPerSecond, 1) })] : []),
    ...(secondsLeft === null ? [] : [t('shared.secondsLeft', { seconds: Math.ceil(secondsLeft) })]),
  ];
  return (
    <ProgressLine
      {...run}
      testId="propose"
      words={words.join(' · ')}
      onCancel={() => void cancelProposeForAll(session)}
    />
  );
}

export function CarryProgress(): ReactElement | null {
  const session = useSession();
  const run = useSessionState((state) => state.carryRun);
  if (!run) return null;
  const words = t('carryOver.progress', { done: run.done, count: run.total });
  return <ProgressLine {...run} testId="carry" words={words} onCancel={() => cancelPropagation(session)} />;
}

interface ProgressLineProps {
  readonly done: number;
  readonly total: number;
  readonly cancelling: boolean;
  readonly words: string;
  readonly testId: string;
  readonly onCancel: () => void;
}

function ProgressLine({ done, total, cancelling, words, testId, onCancel }: ProgressLineProps): ReactElement {
  return (
    <div className={styles.line} role="status" data-testid={`${testId}-progress`} data-done={done} data-total={total}>
      <span className={styles.words}>{words}</span>
      <Progress
        className={styles.progress}
        value={total === 0 ? 0 : (100 * done) / total}
        size="sm"
        aria-label={words}
      />
      <Button
        size="compact-sm"
        h={24}
        variant="default"
        disabled={cancelling}
        onClick={onCancel}
        data-testid={`${testId}-cancel`}
      >
        {cancelling ? t('shared.cancelling') : t('shared.cancel')}
      </Button>
    </div>
  );
}
