// Owns how trouble is said: in words, where it happened, to be copied.
import type { ReactElement, ReactNode } from 'react';
import { CopyButton, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import styles from './trouble-note.module.css';

interface TroubleNoteProps {
  readonly text: string;
  readonly testId: string;
  /** What can be done about it: buttons. */
  readonly children?: ReactNode;
}

export function TroubleNote({ text, testId, children }: TroubleNoteProps): ReactElement {
  return (
    <div className={styles.note} role="alert" data-testid={testId}>
      <IconAlertTriangle size={16} className={styles.icon} aria-hidden />
      <div className={styles.words}>
        <span className={styles.text}>{text}</span>
        <span className={styles.actions}>
          {children}
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <UnstyledButton className={styles.copy} onClick={copy}>
                {copied ? t('shared.copied') : t('shared.copy')}
              </UnstyledButton>
            )}
          </CopyButton>
        </span>
      </div>
    </div>
  );
}
