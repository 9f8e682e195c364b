// Owns the left side: finding studies, the tree of them, and what to annotate next.
import { type ReactElement, useEffect, useRef } from 'react';
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useSession, useSessionState } from '../session/hooks.ts';
import { setFilter } from '../session/study-browser.ts';
import { t } from '../strings/index.ts';
import { NextToAnnotate } from './next-to-annotate.tsx';
import styles from './studies-panel.module.css';
import { StudyFilterButton } from './study-filter.tsx';
import { StudyTree } from './study-tree.tsx';

export function StudiesPanel(): ReactElement {
  return (
    <aside className={styles.panel} data-testid="studies-panel" aria-label={t('studies.title')}>
      <div className={styles.find}>
        <SearchField />
        <StudyFilterButton />
      </div>
      <StudyTree />
      <NextToAnnotate />
    </aside>
  );
}

function SearchField(): ReactElement {
  const session = useSession();
  const text = useSessionState((state) => state.studyFilter.text);
  const focusCount = useSessionState((state) => state.searchFocusCount);
  const field = useRef<HTMLInputElement>(null);
  const shownCount = useRef(focusCount);
  useEffect(() => {
    if (focusCount === shownCount.current) return;
    shownCount.current = focusCount;
    field.current?.select();
  }, [focusCount]);
  return (
    <TextInput
      ref={field}
      className={styles.search}
      placeholder={t('studies.search')}
      aria-label={t('studies.search')}
      aria-keyshortcuts="Control+F"
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={(event) => setFilter(session, { text: event.currentTarget.value })}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          setFilter(session, { text: '' });
          event.currentTarget.blur();
        }
        if (event.key === 'ArrowDown' || event.key === 'Enter') {
          document.querySelector<HTMLElement>('[role=tree]')?.focus();
          event.preventDefault();
        }
      }}
      data-testid="study-search"
    />
  );
}
