// Owns the choice of which studies the tree shows, besides the words of the search.
import type { ReactElement } from 'react';
import { ActionIcon, Button, Indicator, Popover, Select, TextInput, Tooltip } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useSession, useSessionState } from '../session/hooks.ts';
import { setFilter } from '../session/study-browser.ts';
import { isFiltered, listModalities, noFilter, type ProgressFilter, progressFilters } from '../session/study-tree.ts';
import styles from './study-filter.module.css';

const progressWords: Readonly<Record<ProgressFilter, string>> = {
  any: 'All',
  untouched: 'Not started',
  started: 'Started',
  proposed: 'With proposals to review',
  reviewed: 'Every frame reviewed',
};

export function StudyFilterButton(): ReactElement {
  const session = useSession();
  const filter = useSessionState((state) => state.studyFilter);
  const modalities = useSessionState((state) => listModalities(state.studies).join(' '));
  const isOn = isFiltered(filter);
  return (
    <Popover position="bottom-end" width={296} trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label="Which studies are shown" position="right">
          <Indicator disabled={!isOn} size={8} offset={5} color="teal.4">
            <ActionIcon
              variant={isOn ? 'light' : 'default'}
              size={34}
              aria-label="Which studies are shown"
              data-testid="study-filter"
            >
              <IconFilter size={16} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={styles.choices}>
        <Select
          label="Annotation"
          data={progressFilters.map((value) => ({ value, label: progressWords[value] }))}
          value={filter.progress}
          onChange={(value) => setFilter(session, { progress: chosen(progressFilters, value, 'any') })}
          comboboxProps={{ withinPortal: false }}
          data-testid="filter-progress"
        />
        <Select
          label="Modality"
          data={[{ value: '', label: 'All' }, ...modalities.split(' ').filter(Boolean)]}
          value={filter.modality ?? ''}
          onChange={(value) => setFilter(session, { modality: value || null })}
          comboboxProps={{ withinPortal: false }}
          data-testid="filter-modality"
        />
        <div className={styles.days}>
          <DayField name="From" value={filter.from} onChange={(from) => setFilter(session, { from })} />
          <DayField name="To" value={filter.to} onChange={(to) => setFilter(session, { to })} />
        </div>
        <Button
          variant="default"
          disabled={!isOn}
          onClick={() => setFilter(session, { ...noFilter, text: filter.text })}
          data-testid="filter-clear"
        >
          Show all
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

interface DayFieldProps {
  readonly name: string;
  readonly value: string | null;
  readonly onChange: (day: string | null) => void;
}

function DayField({ name, value, onChange }: DayFieldProps): ReactElement {
  return (
    <TextInput
      type="date"
      label={name}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      data-testid={`filter-${name.toLowerCase()}`}
    />
  );
}

function chosen<T extends string>(values: readonly T[], value: string | null, otherwise: T): T {
  return values.find((candidate) => candidate === value) ?? otherwise;
}
