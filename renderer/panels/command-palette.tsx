// Owns the list of everything that can be done, to be searched, with its keys.
import { type KeyboardEvent, type ReactElement, useId, useState } from 'react';
import { Modal, ScrollArea, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { Command } from '../commands/command.ts';
import { allCommands, runCommand } from '../commands/index.ts';
import { keysOf } from '../commands/key-map.ts';
import { shownKey } from '../commands/keyboard.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import { CommandGlyph } from './command-icon.tsx';
import styles from './command-palette.module.css';

export function CommandPalette(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'palette');
  const close = (): void => session.store.setState({ dialog: null });
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': t('palette.title') } }}
      size={520}
      padding={0}
      yOffset="12vh"
      centered={false}
    >
      <PaletteContent
        onRun={(command) => {
          close();
          runCommand(session, command);
        }}
      />
    </Modal>
  );
}

function PaletteContent({ onRun }: { readonly onRun: (command: Command) => void }): ReactElement {
  const session = useSession();
  const keyMap = useSessionState((state) => state.keyMap);
  const [search, setSearch] = useState('');
  const [index, setIndex] = useState(0);
  const listId = useId();
  const rowId = (place: number): string => `${listId}-${place}`;
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = allCommands.filter((command) => {
    if (command.id === 'view.palette' || (command.isEnabled && !command.isEnabled(session))) return false;
    const text = `${t(`commands.groups.${command.group}`)} ${command.title()}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setIndex(Math.min(found.length - 1, index + 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(0, index - 1));
    else if (event.key === 'Enter' && found[index]) onRun(found[index]);
    else return;
    event.preventDefault();
  };
  return (
    <div data-testid="command-palette">
      <TextInput
        data-autofocus
        className={styles.search}
        variant="unstyled"
        placeholder={t('palette.question')}
        aria-label={t('palette.search')}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? rowId(index) : undefined}
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ScrollArea.Autosize mah="56vh" className={styles.list}>
        <div id={listId} role="listbox" aria-label={t('palette.title')}>
          {found.map((command, place) => (
            <UnstyledButton
              key={command.id}
              id={rowId(place)}
              role="option"
              aria-selected={place === index}
              tabIndex={-1}
              className={styles.row}
              data-on={place === index || undefined}
              onMouseMove={() => setIndex(place)}
              onClick={() => onRun(command)}
              ref={place === index ? scrollIntoSight : undefined}
              data-testid={`palette-${command.id}`}
            >
              <CommandGlyph icon={command.icon} size={16} />
              <span className={styles.title}>{command.title()}</span>
              <span className={styles.group}>{t(`commands.groups.${command.group}`)}</span>
              <KeyOf keys={keysOf(command, keyMap)} />
            </UnstyledButton>
          ))}
        </div>
        {found.length === 0 && <p className={styles.empty}>{t('palette.nothing')}</p>}
      </ScrollArea.Autosize>
    </div>
  );
}

function scrollIntoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function KeyOf({ keys: [key] }: { readonly keys: readonly string[] }): ReactElement | null {
  return key === undefined ? null : <kbd className={styles.key}>{shownKey(key)}</kbd>;
}
