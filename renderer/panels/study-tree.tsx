// Owns the tree of studies as a control: one stop of the tab key, arrows inside it, and only the rows in sight built, so that thousands
// of studies stay light. Roles and keys: WAI-ARIA Authoring Practices, tree view.
import { type KeyboardEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { useSession, useSessionState } from '../session/hooks.ts';
import type { Session } from '../session/session.ts';
import { foldRow, openRow } from '../session/study-browser.ts';
import { buildRows, studyRowKey, type TreeRow } from '../session/study-tree.ts';
import { t } from '../strings/index.ts';
import { StudyTreeRow } from './study-rows.tsx';
import styles from './study-tree.module.css';
import { rowOffsets, rowsInSight, scrollToRow } from './virtual-rows.ts';

const heights: Readonly<Record<TreeRow['kind'], number>> = {
  patient: 28,
  study: 52,
  series: 26,
  instance: 44,
  waiting: 28,
};
const spare = 6;

export function StudyTree(): ReactElement {
  const session = useSession();
  const rows = useRows();
  const studyId = useSessionState((state) => state.studyId);
  const noStudyFits = useSessionState((state) => state.studies.length > 0) && rows.length === 0;
  const openKey = useOpenRowKey(rows);
  const scroller = useRef<HTMLDivElement>(null);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [sight, setSight] = useState({ top: 0, bottom: 1200 });
  const offsets = useMemo(() => rowOffsets(rows.map(({ kind }) => heights[kind])), [rows]);
  const active = Math.max(0, indexOfRow(rows, activeKey ?? openKey));

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => setSight({ top: element.scrollTop, bottom: element.scrollTop + element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  // The study that was opened, wherever from, is in sight.
  useEffect(() => {
    if (studyId === null) return;
    setActiveKey(null);
    showRow(scroller.current, offsets, indexOfRow(rows, studyRowKey(studyId)));
    // Only going to another study moves the list.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [studyId]);

  const activate = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    setActiveKey(row.key);
    showRow(scroller.current, offsets, rows.indexOf(row));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!handleKey(session, event.key, rows, active, activate)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const range = rowsInSight(offsets, sight.top, sight.bottom, spare);
  return (
    <div className={styles.scroller} ref={scroller}>
      <div
        className={styles.tree}
        style={{ height: offsets[rows.length] }}
        role="tree"
        aria-label={t('studies.title')}
        tabIndex={0}
        aria-activedescendant={rows[active] && rowElementId(rows[active])}
        onKeyDown={onKeyDown}
        data-testid="study-tree"
      >
        {rows.slice(range.first, range.end).map((row, offset) => (
          <StudyTreeRow
            key={row.key}
            row={row}
            id={rowElementId(row)}
            top={offsets[range.first + offset]}
            height={heights[row.kind]}
            isActive={range.first + offset === active}
            isOpen={row.key === openKey}
            onActivate={() => setActiveKey(row.key)}
          />
        ))}
      </div>
      {noStudyFits && <p className={styles.empty}>{t('studies.noneFits')}</p>}
    </div>
  );
}

function useRows(): readonly TreeRow[] {
  const studies = useSessionState((state) => state.studies);
  const filter = useSessionState((state) => state.studyFilter);
  const folding = useSessionState((state) => state.folding);
  const contents = useSessionState((state) => state.studyContents);
  const identities = useSessionState((state) => state.identities);
  return useMemo(
    () => buildRows(studies, filter, folding, contents, identities),
    [studies, filter, folding, contents, identities],
  );
}

/** The row of what is open: its instance where that is shown, else its study. */
function useOpenRowKey(rows: readonly TreeRow[]): string | null {
  const studyId = useSessionState((state) => state.studyId);
  const instanceId = useSessionState((state) => {
    const frame = state.frames.find(({ id }) => id === state.frameId);
    return frame?.instanceId ?? null;
  });
  const instance = `instance/${instanceId}`;
  if (rows.some(({ key }) => key === instance)) return instance;
  return studyId === null ? null : studyRowKey(studyId);
}

/** True where the key is one of the tree's. */
function handleKey(
  session: Session,
  key: string,
  rows: readonly TreeRow[],
  active: number,
  activate: (index: number) => void,
): boolean {
  const row = rows[active];
  if (!row) return false;
  switch (key) {
    case 'ArrowDown':
      activate(active + 1);
      return true;
    case 'ArrowUp':
      activate(active - 1);
      return true;
    case 'Home':
      activate(0);
      return true;
    case 'End':
      activate(rows.length - 1);
      return true;
    case 'ArrowRight':
      if (row.expanded === false) void foldRow(session, row, true);
      else if (rows[active + 1] && rows[active + 1].level > row.level) activate(active + 1);
      return true;
    case 'ArrowLeft':
      if (row.expanded) void foldRow(session, row, false);
      else activate(rows.findLastIndex(({ level }, index) => index < active && level < row.level));
      return true;
    case 'Enter':
      void openRow(session, row);
      // What was opened is worked on: the keyboard goes there.
      if (row.kind === 'study' || row.kind === 'instance') leaveFocus();
      return true;
    default:
      return false;
  }
}

function leaveFocus(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function indexOfRow(rows: readonly TreeRow[], key: string | null): number {
  return key === null ? -1 : rows.findIndex((row) => row.key === key);
}

function showRow(scroller: HTMLElement | null, offsets: Float64Array, index: number): void {
  if (!scroller || index < 0) return;
  scroller.scrollTop = scrollToRow(offsets, index, scroller.scrollTop, scroller.clientHeight);
}

function rowElementId(row: TreeRow): string {
  return `tree/${row.key}`;
}
