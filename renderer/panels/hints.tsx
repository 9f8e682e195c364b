// Owns the three hints of the first day; each goes away by doing what it says.
import { Fragment, type ReactElement } from 'react';
import { CloseButton } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { findCommand } from '../commands/index.ts';
import { keysOf } from '../commands/key-map.ts';
import { shownKey } from '../commands/keyboard.ts';
import { finishHint } from '../session/decisions.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import type { HintName } from '../session/state.ts';
import { t } from '../strings/index.ts';
import styles from './hints.module.css';

/** Each with the words that name the keys of the reader, or the command where it has none. */
const hints: readonly { readonly name: HintName; readonly words: (nameOf: (command: string) => string) => string }[] = [
  {
    name: 'paint',
    words: (nameOf) => t('hints.paint', { paint: nameOf('tool.brush'), erase: nameOf('tool.eraser') }),
  },
  { name: 'undo', words: (nameOf) => t('hints.undo', { undo: nameOf('edit.undo') }) },
  {
    name: 'decide',
    words: (nameOf) => t('hints.decide', { accept: nameOf('decide.accept'), absent: nameOf('decide.absent') }),
  },
];

export function Hints(): ReactElement | null {
  const session = useSession();
  const done = useSessionState((state) => state.hintsDone);
  const keyMap = useSessionState((state) => state.keyMap);
  if (hints.every((hint) => done.includes(hint.name))) return null;
  const nameOf = (id: string): string => {
    const command = findCommand(id);
    const key = keysOf(command, keyMap)[0];
    return key ? shownKey(key) : command.title();
  };
  const dismiss = (): void => {
    for (const hint of hints) finishHint(session, hint.name);
  };
  return (
    <div className={styles.card} data-testid="hints">
      <CloseButton className={styles.close} size="sm" aria-label={t('hints.dismiss')} onClick={dismiss} />
      {hints.map((hint) => (
        <p key={hint.name} className={styles.hint} data-done={done.includes(hint.name) || undefined}>
          {done.includes(hint.name) ? (
            <IconCircleCheckFilled size={15} className={styles.tick} aria-label={t('hints.done')} />
          ) : (
            <IconCircle size={15} aria-hidden />
          )}
          <span>
            <MarkedKeys text={hint.words(nameOf)} />
          </span>
        </p>
      ))}
    </div>
  );
}

/** A text with its keys as keys: they stand between <kbd> and </kbd> in the catalogue. */
function MarkedKeys({ text }: { readonly text: string }): ReactElement {
  const parts = text.split(/<kbd>(.*?)<\/kbd>/);
  return (
    <>
      {parts.map((part, index) => (
        // A part has nothing but its place, which does not change.
        // oxlint-disable-next-line react/no-array-index-key
        <Fragment key={index}>{index % 2 === 0 ? part : <kbd>{part}</kbd>}</Fragment>
      ))}
    </>
  );
}
