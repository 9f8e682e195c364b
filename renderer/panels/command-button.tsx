// Owns a command as a button: its icon or title, with title and key in the tooltip.
import type { ReactElement, ReactNode } from 'react';
import { Tooltip, UnstyledButton } from '@mantine/core';
import { findCommand, runCommand } from '../commands/index.ts';
import { keysOf } from '../commands/key-map.ts';
import { shownKey } from '../commands/keyboard.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import styles from './command-button.module.css';
import { CommandGlyph } from './command-icon.tsx';

interface CommandButtonProps {
  readonly command: string;
  readonly kind: 'tool' | 'plain' | 'primary';
  readonly isOn?: boolean;
  /** Instead of the command's title. */
  readonly children?: ReactNode;
  /** Instead of the command's title, in the tooltip. */
  readonly hint?: string;
  /** The key in the button itself; it is in the tooltip in any case. */
  readonly showKey?: boolean;
  readonly tooltipSide?: 'right' | 'top' | 'bottom';
}

export function CommandButton(props: CommandButtonProps): ReactElement {
  const { kind, isOn = false, hint, showKey = true, tooltipSide = kind === 'tool' ? 'right' : 'top' } = props;
  const session = useSession();
  const command = findCommand(props.command);
  // Whether it is possible depends on state of several owners, which all show in the session's state.
  const enabled = useSessionState(() => command.isEnabled?.(session) ?? true);
  const key = useSessionState((state) => keysOf(command, state.keyMap)[0]);
  const title = hint ?? command.title();
  return (
    <Tooltip
      label={
        <>
          {title} {key && <span className={styles.tooltipKey}>{shownKey(key)}</span>}
        </>
      }
      position={tooltipSide}
    >
      <UnstyledButton
        className={styles[kind]}
        data-on={isOn || undefined}
        aria-pressed={isOn || undefined}
        aria-label={title}
        aria-disabled={!enabled}
        aria-keyshortcuts={key?.replace('Ctrl', 'Control')}
        data-testid={`command-${command.id}`}
        onClick={() => runCommand(session, command)}
      >
        {kind === 'tool' ? (
          <>
            <CommandGlyph icon={command.icon} size={19} />
            {key && <span className={styles.toolKey}>{key.length === 1 ? key : ''}</span>}
          </>
        ) : (
          <>
            {props.children ?? command.title()}
            {key && showKey && <span className={styles.key}>{shownKey(key)}</span>}
          </>
        )}
      </UnstyledButton>
    </Tooltip>
  );
}
