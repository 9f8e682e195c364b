// Owns the rows of the scanners that may send: the AE title of each, and its address where only that one is meant.
import type { ReactElement } from 'react';
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { IntakeSettings } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import styles from './intake-dialog.module.css';

type Callers = IntakeSettings['callers'];

interface CallerRowsProps {
  readonly callers: Callers;
  readonly onChange: (callers: Callers) => void;
}

export function CallerRows({ callers, onChange }: CallerRowsProps): ReactElement {
  const rows = callers.length > 0 ? callers : [{ aeTitle: '', host: null }];
  const change = (index: number, part: Partial<Callers[number]>): void =>
    onChange(rows.map((row, place) => (place === index ? { ...row, ...part } : row)));
  return (
    <div className={styles.callers}>
      {rows.map((row, index) => (
        // A row has no name of its own: its fields are what is being written.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={styles.caller}>
          <TextInput
            aria-label={t('intake.callerTitle', { number: index + 1 })}
            placeholder={t('intake.callerTitleHint')}
            maxLength={16}
            value={row.aeTitle}
            onChange={(event) => change(index, { aeTitle: event.currentTarget.value })}
            data-testid="caller-title"
          />
          <TextInput
            aria-label={t('intake.callerAddress', { number: index + 1 })}
            placeholder={t('intake.anyAddress')}
            value={row.host ?? ''}
            onChange={(event) => change(index, { host: event.currentTarget.value.trim() || null })}
            data-testid="caller-host"
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={t('intake.removeCaller', { number: index + 1 })}
            onClick={() => onChange(rows.filter((_, place) => place !== index))}
          >
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...rows, { aeTitle: '', host: null }])}
        >
          {t('intake.addCaller')}
        </Button>
      </div>
    </div>
  );
}
