// Owns the foot: the last durable save, the engine, where one is.
import type { ReactElement } from 'react';
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheckFilled, IconLoader2, IconPlugConnectedX } from '@tabler/icons-react';
import { shownIndex } from '../session/playback.ts';
import { retrySaves } from '../session/saves.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import type { LastProposal } from '../session/state.ts';
import { shownClock, t } from '../strings/index.ts';
import styles from './status-bar.module.css';

export function StatusBar(): ReactElement {
  const status = useSessionState((state) => state.status);
  const connected = useSessionState((state) => state.connected);
  const lastProposal = useSessionState((state) => state.lastProposal);
  const frames = useSessionState((state) => state.frames);
  const index = useSessionState(shownIndex);
  const scale = useSessionState((state) => state.view.scale);
  return (
    <footer className={styles.bar} data-testid="status-bar">
      <SaveWords />
      {!connected && (
        <span className={styles.trouble} data-testid="connection-lost">
          <IconPlugConnectedX size={14} /> {t('foot.noAnswer')}
        </span>
      )}
      {status && (
        <Tooltip label={status.engine.summary} multiline maw={360}>
          <span data-testid="engine-state" data-state={status.engine.state}>
            {engineWords(status.engine.state, status.engine.provider)}
            {lastProposal && ` · ${proposalWords(lastProposal)}`}
          </span>
        </Tooltip>
      )}
      {status && <ModelButton title={status.model?.title ?? null} />}
      {index >= 0 && (
        <span data-testid="frame-position">{t('foot.frame', { number: index + 1, count: frames.length })}</span>
      )}
      <IntakeWords />
      <span className={styles.space} />
      {status && <span>{t('foot.reader', { name: status.reader })}</span>}
      <span data-testid="zoom">{t('foot.zoom', { percent: Math.round(scale * 100) })}</span>
    </footer>
  );
}

/** The model in use; pressed, the models to choose from. */
function ModelButton({ title }: { readonly title: string | null }): ReactElement {
  const { store } = useSession();
  return (
    <UnstyledButton
      className={styles.model}
      onClick={() => store.setState({ dialog: 'models' })}
      aria-haspopup="dialog"
      data-testid="model-button"
    >
      {title === null ? t('foot.noModel') : t('foot.model', { title })}
    </UnstyledButton>
  );
}

/** Whether images may come from a scanner; nothing where that is switched off. Pressed, its settings. */
function IntakeWords(): ReactElement | null {
  const { store } = useSession();
  const intake = useSessionState((state) => state.intake);
  if (!intake?.settings.enabled) return null;
  const { settings, listening, received } = intake;
  return (
    <UnstyledButton
      className={listening ? styles.model : styles.trouble}
      onClick={() => store.setState({ dialog: 'intake' })}
      aria-haspopup="dialog"
      data-testid="intake-state"
      data-listening={listening}
    >
      {!listening
        ? t('foot.scannerOff')
        : received === 0
          ? t('foot.scanner', { aeTitle: settings.aeTitle })
          : t('foot.received', { count: received })}
    </UnstyledButton>
  );
}

function SaveWords(): ReactElement {
  const session = useSession();
  const save = useSessionState((state) => state.save);
  switch (save.kind) {
    case 'saved':
      return (
        <span className={styles.good} data-testid="save-state" data-state="saved">
          <IconCircleCheckFilled size={13} />{' '}
          {save.savedAt ? t('foot.saved', { time: shownClock(save.savedAt) }) : t('foot.allSaved')}
        </span>
      );
    case 'saving':
      return (
        <span className={styles.plain} data-testid="save-state" data-state="saving">
          <IconLoader2 size={13} /> {t('foot.saving')}
        </span>
      );
    case 'retrying':
      return (
        <span className={styles.trouble} data-testid="save-state" data-state="retrying">
          <IconAlertTriangle size={14} />
          <span className={styles.message}>
            {t('foot.notSavedYet', { pending: save.pending, reason: save.message })}
          </span>
          <UnstyledButton className={styles.retry} onClick={() => retrySaves(session)}>
            {t('foot.tryNow')}
          </UnstyledButton>
        </span>
      );
    case 'conflict':
      return (
        <span className={styles.trouble} data-testid="save-state" data-state="conflict">
          <IconAlertTriangle size={14} /> {save.refused ? t('foot.refused') : t('foot.conflict')}
        </span>
      );
  }
}

/** Products keep their names in every language. */
const providerNames: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
};

function engineWords(state: 'starting' | 'ready' | 'failed', provider: string): string {
  if (state === 'ready') return t('foot.engine', { provider: providerNames[provider] ?? provider });
  return state === 'starting' ? t('foot.engineStarting') : t('foot.engineOff');
}

function proposalWords({ milliseconds, refinedMilliseconds }: LastProposal): string {
  const times = { milliseconds: Math.round(milliseconds), refined: Math.round(refinedMilliseconds ?? 0) };
  return refinedMilliseconds === null ? t('foot.proposalTime', times) : t('foot.proposalTimes', times);
}
