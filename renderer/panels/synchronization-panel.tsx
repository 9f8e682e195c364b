// Owns synchronization of the selected label: how many corrections wait, the run in progress, what it brought, and the adapters so far.
import { type ReactElement, useState } from 'react';
import { Progress, Radio } from '@mantine/core';
import type { AdapterView } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { activateAdapter } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { selectedLabel } from '../session/session.ts';
import type { TrainingRun } from '../session/state.ts';
import { shownNumber, shownTime, t } from '../strings/index.ts';
import { CommandButton } from './command-button.tsx';
import { CurvePlot } from './curve-plot.tsx';
import { Figure, SideSection } from './side-section.tsx';
import styles from './synchronization-panel.module.css';
import { TroubleNote } from './trouble-note.tsx';

export function SynchronizationPanel(): ReactElement | null {
  const label = useSessionState(selectedLabel);
  const training = useSessionState((state) => state.training);
  const trouble = useSessionState(({ trainingTrouble, labelId }) =>
    trainingTrouble?.labelId === labelId ? trainingTrouble : null,
  );
  const lastRun = useSessionState((state) => (state.lastRun?.labelId === state.labelId ? state.lastRun : null));
  if (!label) return null;
  return (
    <SideSection title={t('synchronization.title', { label: label.name })} testId="synchronization-panel">
      {training ? <Running run={training} /> : <Waiting />}
      {trouble && <TroubleNote text={trouble.message} testId="training-trouble" />}
      {lastRun && (lastRun.losses.length > 0 || lastRun.dice.length > 0) && (
        <CurvePlot steps={lastRun.steps} losses={lastRun.losses} dice={lastRun.dice} />
      )}
      <Outcome />
      {training && (
        <div className={styles.buttons}>
          <CommandButton command="work.cancel-synchronization" kind="plain">
            {training.cancelling ? t('shared.cancelling') : t('shared.cancel')}
          </CommandButton>
        </div>
      )}
      <Adapters labelId={label.id} />
    </SideSection>
  );
}

function Waiting(): ReactElement {
  const counts = useSessionState((state) => state.corrections);
  if (!counts) return <p className={styles.quiet}>{t('synchronization.counting')}</p>;
  const { corrections, needed } = counts;
  const missing = needed - corrections;
  return (
    <>
      <Figure name={t('synchronization.corrections')} testId="correction-count">
        {corrections}
      </Figure>
      <p className={styles.quiet}>
        {missing > 0 ? t('synchronization.missing', { count: missing }) : t('synchronization.enough')}
      </p>
    </>
  );
}

function Running({ run }: { readonly run: TrainingRun }): ReactElement {
  const label = useSessionState((state) => state.labels.find((candidate) => candidate.id === run.labelId)?.name);
  const selected = useSessionState((state) => state.labelId === run.labelId);
  const share = run.steps > 0 ? (100 * run.step) / run.steps : 0;
  const place = { step: run.step, steps: run.steps };
  const words = run.phase === 'encoding' ? t('synchronization.reading', place) : t('synchronization.step', place);
  return (
    <div data-testid="training-progress" data-phase={run.phase}>
      {!selected && <p className={styles.quiet}>{t('synchronization.other', { label: label ?? '' })}</p>}
      <p className={styles.progressWords}>
        <span>{run.steps > 0 ? words : t('shared.starting')}</span>
        {run.secondsLeft !== null && <span>{t('synchronization.left', { time: shownSeconds(run.secondsLeft) })}</span>}
      </p>
      <Progress value={share} size={6} aria-label={t('synchronization.progress')} animated={run.steps === 0} />
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
      <Figure name={t('synchronization.diceBefore')} testId="dice-before">
        {shownNumber(result.validationBefore, 3)}
      </Figure>
      <Figure name={t('synchronization.diceNow')} testId="dice-after" tone={better ? 'good' : undefined}>
        {shownNumber(result.validationAfter, 3)}
      </Figure>
      <Figure name={t('synchronization.learnedFrom')}>
        {t('synchronization.correctionsIn', { count: result.corrections, time: shownSeconds(result.seconds) })}
      </Figure>
      <p className={styles.reason}>{result.reason}</p>
      {result.caution && <p className={styles.caution}>{result.caution}</p>}
    </div>
  );
}

function Adapters({ labelId }: { readonly labelId: string }): ReactElement | null {
  const session = useSession();
  const adapters = useSessionState((state) => state.adapters);
  const comparing = useSessionState((state) => state.comparing);
  const [trouble, setTrouble] = useState<string | null>(null);
  if (adapters.length === 0) return null;
  const active = adapters.find((adapter) => adapter.active)?.id ?? 'base';
  const choose = (value: string): void => {
    setTrouble(null);
    activateAdapter(session, labelId, value === 'base' ? null : value).catch((error: unknown) =>
      setTrouble(messageOf(error)),
    );
  };
  return (
    <div className={styles.adapters}>
      <Radio.Group
        value={active}
        onChange={choose}
        label={t('synchronization.proposeWith')}
        size="sm"
        data-testid="adapter-list"
      >
        <Radio value="base" size="xs" label={t('synchronization.baseModel')} mt={6} />
        {adapters.map((adapter: AdapterView) => (
          <Radio
            key={adapter.id}
            value={adapter.id}
            size="xs"
            mt={6}
            label={t('synchronization.adapter', {
              time: shownTime(adapter.createdAt),
              count: adapter.corrections,
              before: shownNumber(adapter.validationBefore, 2),
              after: shownNumber(adapter.validationAfter, 2),
            })}
          />
        ))}
      </Radio.Group>
      <div className={styles.buttons}>
        <CommandButton command="view.compare" kind="plain" isOn={comparing}>
          {t('comparison.sideBySide')}
        </CommandButton>
      </div>
      {trouble && <TroubleNote text={trouble} testId="adapter-trouble" />}
    </div>
  );
}

function shownSeconds(seconds: number): string {
  if (seconds < 90) return t('units.s', { figure: Math.max(1, Math.round(seconds)) });
  return t('units.min', { figure: Math.round(seconds / 60) });
}
