// Owns the head: where one is, and the work that starts from anywhere.
import type { ReactElement } from 'react';
import { useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import { CommandButton } from './command-button.tsx';
import styles from './header.module.css';

export function Header(): ReactElement {
  const workspace = useSessionState((state) => state.status?.workspace);
  return (
    <header className={styles.header}>
      <CommandButton command="view.left-panel" kind="tool" tooltipSide="bottom" />
      <span className={styles.product}>SonoSync</span>
      <span className={styles.workspace} title={workspace?.folder}>
        {workspace?.title}
      </span>
      <span className={styles.space} />
      <CommandButton command="view.palette" kind="plain" tooltipSide="bottom">
        {t('header.commands')}
      </CommandButton>
      <CommandButton command="work.import" kind="plain" showKey={false} tooltipSide="bottom">
        {t('header.import')}
      </CommandButton>
      <CommandButton command="work.export" kind="plain" showKey={false} tooltipSide="bottom">
        {t('header.export')}
      </CommandButton>
      <ConflictButton />
      <SynchronizeButton />
      <CommandButton command="view.right-panel" kind="tool" tooltipSide="bottom" />
    </header>
  );
}

/** Only there while something waits for a decision. */
function ConflictButton(): ReactElement | null {
  const waiting = useSessionState((state) => state.conflicts.length);
  if (waiting === 0) return null;
  return (
    <CommandButton
      command="work.import-annotations"
      kind="plain"
      showKey={false}
      hint={t('header.conflictsHint')}
      tooltipSide="bottom"
    >
      {t('header.conflicts', { count: waiting })}
    </CommandButton>
  );
}

function SynchronizeButton(): ReactElement {
  const counts = useSessionState((state) => state.corrections);
  const training = useSessionState((state) => state.training);
  const missing = counts ? counts.needed - counts.corrections : 0;
  const hint = missing > 0 ? t('header.correctionsMissing', { count: missing }) : t('header.learn');
  const words = (): string => {
    if (training) return t('header.synchronizing');
    if (!counts) return t('header.synchronize');
    if (missing > 0) return t('header.correctionsOf', { done: counts.corrections, needed: counts.needed });
    return t('header.corrections', { count: counts.corrections });
  };
  return (
    <CommandButton command="work.synchronize" kind="primary" showKey={false} hint={hint} tooltipSide="bottom">
      {words()}
    </CommandButton>
  );
}
