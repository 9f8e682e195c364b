// Owns the foot: the last durable save, the engine, where one is.
import type { ReactElement } from 'react';
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheckFilled, IconLoader2, IconPlugConnectedX } from '@tabler/icons-react';
import { shownIndex } from '../session/playback.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
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
          <IconPlugConnectedX size={14} /> SonoSync does not answer; trying again
        </span>
      )}
      {status && (
        <Tooltip label={status.engine.summary} multiline maw={360}>
          <span data-testid="engine-state" data-state={status.engine.state}>
            {engineWords(status.engine.state, status.engine.provider)}
            {lastProposal && ` · ${Math.round(lastProposal.milliseconds)} ms a proposal`}
          </span>
        </Tooltip>
      )}
      {status && <ModelButton title={status.model?.title ?? null} />}
      {index >= 0 && (
        <span data-testid="frame-position">
          Frame {index + 1} / {frames.length}
        </span>
      )}
      <IntakeWords />
      <span className={styles.space} />
      {status && <span>Reader: {status.reader}</span>}
      <span data-testid="zoom">Zoom {Math.round(scale * 100)} %</span>
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
      {title === null ? 'No model' : `Model: ${title}`}
    </UnstyledButton>
  );
}

/** Whether images may come from a scanner; nothing where that is switched off. Pressed, its settings. */
function IntakeWords(): ReactElement | null {
  const { store } = useSession();
  const intake = useSessionState((state) => state.intake);
  if (!intake?.settings.enabled) return null;
  const { settings, listening, received } = intake;
  const words = received === 0 ? `as ${settings.aeTitle}` : `${received} received`;
  return (
    <UnstyledButton
      className={listening ? styles.model : styles.trouble}
      onClick={() => store.setState({ dialog: 'intake' })}
      aria-haspopup="dialog"
      data-testid="intake-state"
      data-listening={listening}
    >
      {listening ? `Scanner: ${words}` : 'Scanner: not listening'}
    </UnstyledButton>
  );
}

function SaveWords(): ReactElement {
  const { editor } = useSession();
  const save = useSessionState((state) => state.save);
  switch (save.kind) {
    case 'saved':
      return (
        <span className={styles.good} data-testid="save-state" data-state="saved">
          <IconCircleCheckFilled size={13} /> {save.savedAt ? `Saved ${shownClock(save.savedAt)}` : 'All saved'}
        </span>
      );
    case 'saving':
      return (
        <span className={styles.plain} data-testid="save-state" data-state="saving">
          <IconLoader2 size={13} /> Saving …
        </span>
      );
    case 'retrying':
      return (
        <span className={styles.trouble} data-testid="save-state" data-state="retrying">
          <IconAlertTriangle size={14} />
          <span className={styles.message}>
            Not saved yet ({save.pending}): {save.message}
          </span>
          <UnstyledButton className={styles.retry} onClick={() => editor.saves.retryNow()}>
            Try now
          </UnstyledButton>
        </span>
      );
    case 'conflict':
      return (
        <span className={styles.trouble} data-testid="save-state" data-state="conflict">
          <IconAlertTriangle size={14} /> Not saved: this annotation was changed elsewhere
        </span>
      );
  }
}

const providerWords: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
};

function engineWords(state: 'starting' | 'ready' | 'failed', provider: string): string {
  if (state === 'ready') return `Engine: ${providerWords[provider] ?? provider}`;
  return state === 'starting' ? 'Engine: starting …' : 'Engine: not running';
}

function shownClock(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}
