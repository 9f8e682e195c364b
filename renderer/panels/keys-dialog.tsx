// Owns the card of keys: every command with the keys that run it, each to be changed by a click and a key press.
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { Button, Modal, Tooltip, UnstyledButton } from '@mantine/core';
import type { Command } from '../commands/command.ts';
import { allCommands } from '../commands/index.ts';
import { assignKey, clearKeys, keysOf } from '../commands/key-map.ts';
import { keyName, shownKey } from '../commands/keyboard.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownList, t } from '../strings/index.ts';
import styles from './keys-dialog.module.css';

/** What the pointer does, and keys that belong to a place and not to a command. */
const otherKeys = ['zoom', 'move', 'brushSize', 'fit', 'promptValues'] as const;

/** Keys that only go with another one, and those that a dialog needs for itself. */
const unassignable = new Set(['Control', 'Shift', 'Alt', 'Meta', 'Tab', 'Dead', 'Process', 'Unidentified']);

export function KeysDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'shortcuts');
  return (
    <Modal opened={opened} onClose={() => session.store.setState({ dialog: null })} title={t('keys.title')} size={760}>
      <KeysCard />
    </Modal>
  );
}

function KeysCard(): ReactElement {
  const session = useSession();
  const keyMap = useSessionState((state) => state.keyMap);
  const [waiting, setWaiting] = useState<string | null>(null);
  const [note, setNote] = useState<string>(() => t('keys.clickToChange'));
  const groups = [...new Set(allCommands.map((command) => command.group))];

  function onKeyDown(event: KeyboardEvent, command: Command): void {
    if (waiting !== command.id || unassignable.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    setWaiting(null);
    if (event.key === 'Escape') return;
    if (event.key === 'Backspace') {
      session.store.setState({ keyMap: clearKeys(allCommands, keyMap, command.id) });
      setNote(t('keys.cleared', { command: command.title() }));
      return;
    }
    const key = keyName(event);
    const assigned = assignKey(allCommands, keyMap, command.id, key);
    session.store.setState({ keyMap: assigned.keyMap });
    const chosen = { key: shownKey(key), command: command.title() };
    setNote(
      assigned.takenFrom
        ? t('keys.moved', { ...chosen, other: assigned.takenFrom.title() })
        : t('keys.assigned', chosen),
    );
  }

  return (
    <div data-testid="shortcuts">
      <div className={styles.head}>
        <p className={styles.note} role="status" data-testid="keys-note">
          {waiting === null ? note : t('keys.pressNew')}
        </p>
        <Button
          size="compact-sm"
          variant="default"
          disabled={Object.keys(keyMap).length === 0}
          onClick={() => {
            session.store.setState({ keyMap: {} });
            setNote(t('keys.wereReset'));
          }}
        >
          {t('keys.resetAll')}
        </Button>
      </div>
      <div className={styles.columns}>
        {groups.map((group) => (
          <section key={group} className={styles.block}>
            <h3 className={styles.heading}>{t(`commands.groups.${group}`)}</h3>
            {allCommands
              .filter((command) => command.group === group)
              .map((command) => (
                <KeyLine
                  key={command.id}
                  command={command}
                  keys={keysOf(command, keyMap)}
                  isOwn={keyMap[command.id] !== undefined}
                  isWaiting={waiting === command.id}
                  onWait={() => setWaiting(waiting === command.id ? null : command.id)}
                  onLeave={() => setWaiting(null)}
                  onKeyDown={(event) => onKeyDown(event, command)}
                />
              ))}
          </section>
        ))}
        <section className={styles.block}>
          <h3 className={styles.heading}>{t('keys.more')}</h3>
          {otherKeys.map((name) => (
            <p key={name} className={styles.line}>
              {t(`keys.others.${name}.title`)} <kbd className={styles.key}>{t(`keys.others.${name}.key`)}</kbd>
            </p>
          ))}
        </section>
      </div>
    </div>
  );
}

interface KeyLineProps {
  readonly command: Command;
  readonly keys: readonly string[];
  readonly isOwn: boolean;
  readonly isWaiting: boolean;
  readonly onWait: () => void;
  readonly onLeave: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function KeyLine({ command, keys, isOwn, isWaiting, onWait, onLeave, onKeyDown }: KeyLineProps): ReactElement {
  const shown = keys.length === 0 ? t('keys.none') : shownList(keys.map(shownKey), 'disjunction');
  return (
    <p className={styles.line}>
      {command.title()}
      <Tooltip label={isOwn ? t('keys.own') : t('keys.change')} position="top">
        <UnstyledButton
          className={styles.key}
          data-waiting={isWaiting || undefined}
          data-own={isOwn || undefined}
          data-none={keys.length === 0 || undefined}
          data-testid={`key-of-${command.id}`}
          aria-label={t('keys.keyOf', { command: command.title(), keys: shown })}
          onClick={onWait}
          onBlur={onLeave}
          onKeyDown={onKeyDown}
        >
          {isWaiting ? t('keys.press') : shown}
        </UnstyledButton>
      </Tooltip>
    </p>
  );
}
