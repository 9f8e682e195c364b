// Owns the head: where one is, and the work that starts from anywhere.
import type { ReactElement } from 'react';
import { useSessionState } from '../session/hooks.ts';
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
        Commands
      </CommandButton>
      <CommandButton command="work.import" kind="plain" showKey={false} tooltipSide="bottom">
        Import
      </CommandButton>
      <CommandButton command="work.export" kind="plain" showKey={false} tooltipSide="bottom">
        Export
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
      hint="Annotations that changed here and elsewhere"
      tooltipSide="bottom"
    >
      {waiting === 1 ? '1 conflict' : `${waiting} conflicts`}
    </CommandButton>
  );
}

function SynchronizeButton(): ReactElement {
  const counts = useSessionState((state) => state.corrections);
  const training = useSessionState((state) => state.training);
  const missing = counts ? counts.needed - counts.corrections : 0;
  const hint =
    missing > 0 ? `Synchronize: ${missing} more corrections are needed` : 'Learn this label from its corrections';
  const words = (): string => {
    if (training) return 'Synchronizing …';
    if (!counts) return 'Synchronize';
    if (missing > 0) return `Synchronize · ${counts.corrections} of ${counts.needed}`;
    return `Synchronize · ${counts.corrections} corrections`;
  };
  return (
    <CommandButton command="work.synchronize" kind="primary" showKey={false} hint={hint} tooltipSide="bottom">
      {words()}
    </CommandButton>
  );
}
