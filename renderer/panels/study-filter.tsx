// Owns the choice of which studies the tree shows, besides the words of the search.
import type { ReactElement } from 'react';
import { ActionIcon, Button, Indicator, Popover, Select, TextInput, Tooltip } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useSession, useSessionState } from '../session/hooks.ts';
import { setFilter } from '../session/study-browser.ts';
import { isFiltered, listModalities, noFilter, progressFilters } from '../session/study-tree.ts';
import { t } from '../strings/index.ts';
import styles from './study-filter.module.css';

export function StudyFilterButton(): ReactElement {
  const session = useSession();
  const filter = useSessionState((state) => state.studyFilter);
  const modalities = useSessionState((state) => listModalities(state.studies).join(' '));
  const isOn = isFiltered(filter);
  return (
    <Popover position="bottom-end" width={296} trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('studies.filter.title')} position="right">
          <Indicator disabled={!isOn} size={8} offset={5} color="teal.4">
            <ActionIcon
              variant={isOn ? 'light' : 'default'}
              size={34}
              aria-label={t('studies.filter.title')}
              data-testid="study-filter"
            >
              <IconFilter size={16} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={styles.choices} aria-label={t('studies.filter.title')}>
        <Select
          label={t('studies.filter.annotation')}
          data={progressFilters.map((value) => ({ value, label: t(`studies.filter.progress.${value}`) }))}
          value={filter.progress}
          onChange={(value) => setFilter(session, { progress: chosen(progressFilters, value, 'any') })}
          comboboxProps={{ withinPortal: false }}
          data-testid="filter-progress"
        />
        <Select
          label={t('studies.filter.modality')}
          data={[{ value: '', label: t('studies.filter.anyModality') }, ...modalities.split(' ').filter(Boolean)]}
          value={filter.modality ?? ''}
          onChange={(value) => setFilter(session, { modality: value || null })}
          comboboxProps={{ withinPortal: false }}
          data-testid="filter-modality"
        />
        <div className={styles.days}>
          <DayField end="from" value={filter.from} onChange={(from) => setFilter(session, { from })} />
          <DayField end="to" value={filter.to} onChange={(to) => setFilter(session, { to })} />
        </div>
        <Button
          variant="default"
          disabled={!isOn}
          onClick={() => setFilter(session, { ...noFilter, text: filter.text })}
          data-testid="filter-clear"
        >
          {t('studies.filter.showAll')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

interface DayFieldProps {
  readonly end: 'from' | 'to';
  readonly value: string | null;
  readonly onChange: (day: string | null) => void;
}

function DayField({ end, value, onChange }: DayFieldProps): ReactElement {
  return (
    <TextInput
      type="date"
      label={t(`studies.filter.${end}`)}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      data-testid={`filter-${end}`}
    />
  );
}

function chosen<T extends string>(values: readonly T[], value: string | null, otherwise: T): T {
  return values.find((candidate) => candidate === value) ?? otherwise;
}
