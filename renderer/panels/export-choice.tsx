// Owns what of the workspace is exported: studies, labels, states, days, with pictures or without.
import type { ReactElement } from 'react';
import { Checkbox, MultiSelect, TextInput } from '@mantine/core';
import { useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './export-dialog.module.css';

export interface Choice {
  readonly studyIds: readonly string[];
  readonly labelIds: readonly string[];
  readonly accepted: boolean;
  readonly absent: boolean;
  readonly edited: boolean;
  readonly from: string;
  readonly until: string;
  readonly images: boolean;
  readonly originals: boolean;
}

export const wholeWorkspace: Choice = {
  studyIds: [],
  labelIds: [],
  accepted: true,
  absent: true,
  edited: false,
  from: '',
  until: '',
  images: true,
  originals: false,
};

interface ExportChoiceProps {
  readonly choice: Choice;
  readonly imagesOptional: boolean;
  /** The format holds a network: labels alone are chosen. */
  readonly isNetwork: boolean;
  readonly onChange: (choice: Choice) => void;
}

export function ExportChoice({ choice, imagesOptional, isNetwork, onChange }: ExportChoiceProps): ReactElement {
  const studies = useSessionState((state) => state.studies);
  const labels = useSessionState((state) => state.labels);
  const change = (part: Partial<Choice>): void => onChange({ ...choice, ...part });
  const state = (name: 'accepted' | 'absent' | 'edited', words: string): ReactElement => (
    <Checkbox
      size="sm"
      checked={choice[name]}
      onChange={(event) => change({ [name]: event.currentTarget.checked })}
      label={words}
      data-testid={`export-${name}`}
    />
  );
  return (
    <div className={styles.choice}>
      <MultiSelect
        label={t('exports.labels')}
        placeholder={choice.labelIds.length === 0 ? t('exports.allLabels') : undefined}
        data={labels.map(({ id, name }) => ({ value: id, label: name }))}
        value={[...choice.labelIds]}
        onChange={(labelIds) => change({ labelIds })}
        clearable
        searchable
        data-testid="export-labels"
      />
      {!isNetwork && (
        <>
          <MultiSelect
            label={t('exports.studies')}
            placeholder={choice.studyIds.length === 0 ? t('exports.allStudies') : undefined}
            data={studies.map(({ id, title }, index) => ({ value: id, label: `${index + 1}. ${title}` }))}
            value={[...choice.studyIds]}
            onChange={(studyIds) => change({ studyIds })}
            clearable
            searchable
            limit={200}
            data-testid="export-studies"
          />
          <div className={styles.states} role="group" aria-label={t('exports.states')}>
            {state('accepted', t('exports.accepted'))}
            {state('absent', t('exports.absent'))}
            {state('edited', t('exports.edited'))}
          </div>
          <div className={styles.days}>
            <TextInput
              type="date"
              label={t('exports.from')}
              value={choice.from}
              onChange={(event) => change({ from: event.currentTarget.value })}
              data-testid="export-from"
            />
            <TextInput
              type="date"
              label={t('exports.until')}
              value={choice.until}
              onChange={(event) => change({ until: event.currentTarget.value })}
              data-testid="export-until"
            />
          </div>
          <Checkbox
            size="sm"
            checked={choice.images || !imagesOptional}
            disabled={!imagesOptional}
            onChange={(event) => change({ images: event.currentTarget.checked })}
            label={t('exports.pictures')}
            data-testid="export-images"
          />
          <Checkbox
            size="sm"
            checked={choice.originals}
            onChange={(event) => change({ originals: event.currentTarget.checked })}
            label={t('exports.originals')}
            data-testid="export-originals"
          />
        </>
      )}
    </div>
  );
}
