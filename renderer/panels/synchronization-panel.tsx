// Owns synchronization of the selected label: how many corrections wait, the run in progress, what it brought, and the adapters so far.
import { type ReactElement, useState } from 'react';
import { Progress, Radio } from '@mantine/core';
import type { AdapterView } from '../../electron/common/api.ts';
import { activateAdapter } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { selectedLabel } from '../session/session.ts';
import type { TrainingRun } from '../session/state.ts';
import { CommandButton } from './command-button.tsx';
import { CurvePlot } from './curve-plot.tsx';
import { Figure, SideSection } from './side-section.tsx';
import styles from './synchronization-panel.module.css';
import { TroubleNote } from './trouble-note.tsx';

export function SynchronizationPanel(): ReactElement | null {
  const label = useSessionState(selectedLabel);
  const training = useSessionState((state) => state.training);
  const trouble = useSessionState((state) => state.trainingTrouble);
  const lastRun = useSessionState((state) => (state.lastRun?.labelId === state.labelId ? state.lastRun : null));
  if (!label) return null;
  return (
    <SideSection title={`Synchronization — ${label.name}`} testId="synchronization-panel">
      {training ? <Running run={training} /> : <Waiting />}
      {trouble && <TroubleNote text={trouble.message} testId="training-trouble" />}
      {lastRun && (lastRun.losses.length > 0 || lastRun.dice.length > 0) && (
        <CurvePlot steps={lastRun.steps} losses={lastRun.losses} dice={lastRun.dice} />
      )}
      <Outcome />
      {training && (
        <div className={styles.buttons}>
          <CommandButton command="work.cancel-synchronization" kind="plain">
            {training.cancelling ? 'Cancelling …' : 'Cancel'}
          </CommandButton>
        </div>
      )}
      <Adapters labelId={label.id} />
    </SideSection>
  );
}

function Waiting(): ReactElement {
  const counts = useSessionState((state) => state.corrections);
  if (!counts) return <p className={styles.quiet}>Counting corrections …</p>;
  const { corrections, needed } = counts;
  const missing = needed - corrections;
  return (
    <>
      <Figure name="Corrections" testId="correction-count">
        {corrections}
      </Figure>
      <p className={styles.quiet}>
        {missing > 0
          ? `${missing} more accepted or “not here” ${missing === 1 ? 'frame is' : 'frames are'} needed before the model can learn this label.`
          : 'The model can learn this label from them. Other labels stay as they are.'}
      </p>
    </>
  );
}

function Running({ run }: { readonly run: TrainingRun }): ReactElement {
  const label = useSessionState((state) => state.labels.find((candidate) => candidate.id === run.labelId)?.name);
  const selected = useSessionState((state) => state.labelId === run.labelId);
  const share = run.steps > 0 ? (100 * run.step) / run.steps : 0;
  const what = run.phase === 'encoding' ? 'Reading frames' : 'Step';
  return (
    <div data-testid="training-progress" data-phase={run.phase}>
      {!selected && <p className={styles.quiet}>{label} is being synchronized.</p>}
      <p className={styles.progressWords}>
        <span>{run.steps > 0 ? `${what} ${run.step} of ${run.steps}` : 'Starting …'}</span>
        {run.secondsLeft !== null && <span>{shownSeconds(run.secondsLeft)} left</span>}
      </p>
      <Progress value={share} size={6} aria-label="Progress of synchronization" animated={run.steps === 0} />
    </div>
  );
}

function Outcome(): ReactElement | null {
  const result = useSessionState((state) =>
    state.trainingResult?.labelId === state.labelId ? state.trainingResult : null,
  );
  if (!result) return null;
  const better = result.validationAfter > result.validationBefore;
  return (
    <div className={styles.outcome} data-testid="training-result" data-activated={result.activated}>
      <Figure name="Dice before" testId="dice-before">
        {result.validationBefore.toFixed(3)}
      </Figure>
      <Figure name="Dice now" testId="dice-after" tone={better ? 'good' : undefined}>
        {result.validationAfter.toFixed(3)}
      </Figure>
      <Figure name="Learned from">
        {result.corrections} corrections in {shownSeconds(result.seconds)}
      </Figure>
      <p className={styles.reason}>{result.reason}</p>
      {result.caution && <p className={styles.caution}>{result.caution}</p>}
    </div>
  );
}

function Adapters({ labelId }: { readonly labelId: string }): ReactElement | null {
  const session = useSession();
  const adapters = useSessionState((state) => state.adapters);
  const [trouble, setTrouble] = useState<string | null>(null);
  if (adapters.length === 0) return null;
  const active = adapters.find((adapter) => adapter.active)?.id ?? 'base';
  const choose = (value: string): void => {
    setTrouble(null);
    activateAdapter(session, labelId, value === 'base' ? null : value).catch((error: unknown) =>
      setTrouble(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <div className={styles.adapters}>
      <Radio.Group value={active} onChange={choose} label="Propose with" size="sm" data-testid="adapter-list">
        <Radio value="base" size="xs" label="Base model" mt={6} />
        {adapters.map((adapter: AdapterView) => (
          <Radio
            key={adapter.id}
            value={adapter.id}
            size="xs"
            mt={6}
            label={`${shownTime(adapter.createdAt)} · ${adapter.corrections} corrections · Dice ${adapter.validationBefore.toFixed(2)} → ${adapter.validationAfter.toFixed(2)}`}
          />
        ))}
      </Radio.Group>
      {trouble && <TroubleNote text={trouble} testId="adapter-trouble" />}
    </div>
  );
}

function shownSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}

function shownTime(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
