// Owns bringing annotations back: from an export or another program's folder, what came of it, and the conflicts that wait for a decision.
import { type ReactElement, useRef } from 'react';
import { Button, Modal, Progress } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheckFilled } from '@tabler/icons-react';
import type { AnnotationImport } from '../../electron/common/api.ts';
import {
  cancelAnnotationImport,
  closeAnnotationImport,
  importAnnotationFiles,
  importAnnotationFolders,
} from '../session/annotation-imports.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownList, t } from '../strings/index.ts';
import styles from './annotation-import-dialog.module.css';
import { ConflictCard } from './conflict-card.tsx';
import { TroubleNote } from './trouble-note.tsx';

export function AnnotationImportDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'annotations');
  return (
    <Modal
      opened={opened}
      onClose={() => closeAnnotationImport(session)}
      title={t('annotationImport.title')}
      size={640}
      data-testid="annotation-import-dialog"
    >
      <div className={styles.body}>
        <Source />
        <Outcome />
        <Conflicts />
      </div>
    </Modal>
  );
}

function Source(): ReactElement {
  const session = useSession();
  const importing = useSessionState((state) => state.annotationImporting);
  const folder = useRef<HTMLInputElement>(null);
  const { hostFiles } = session.api;
  const choose = (): void => {
    if (!hostFiles) folder.current?.click();
    else void hostFiles.choose('folder').then((paths) => importAnnotationFolders(session, paths));
  };
  return (
    <>
      <p className={styles.about}>{t('annotationImport.about')}</p>
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          void importAnnotationFiles(session, chosen);
        }}
        data-testid="annotation-folder"
      />
      {importing.kind === 'busy' ? (
        <ReadingProgress />
      ) : (
        <div>
          <Button onClick={choose}>{t('imports.chooseFolder')}</Button>
        </div>
      )}
      {importing.kind === 'failed' && <TroubleNote text={importing.message} testId="annotation-trouble" />}
    </>
  );
}

function ReadingProgress(): ReactElement | null {
  const session = useSession();
  const run = useSessionState((state) => state.annotationRun);
  if (!run) return null;
  const { phase, done, total, cancelling } = run;
  const words =
    phase === 'reading'
      ? total === null
        ? t('annotationImport.looking')
        : t('annotationImport.handingOver', { done: done + 1, total })
      : total === null
        ? t('annotationImport.readSoFar', { count: done })
        : t('annotationImport.readOf', { done, count: total });
  return (
    <div className={styles.progress} data-testid="annotation-progress" data-done={done}>
      <span className={styles.words}>{words}</span>
      <Progress
        value={total === null ? 100 : (100 * done) / total}
        animated={total === null}
        size={6}
        aria-label={t('annotationImport.progress')}
        className={styles.bar}
      />
      <Button
        size="compact-sm"
        variant="default"
        disabled={cancelling}
        onClick={() => void cancelAnnotationImport(session)}
        data-testid="annotation-cancel"
      >
        {cancelling ? t('shared.cancelling') : t('shared.cancel')}
      </Button>
    </div>
  );
}

function Outcome(): ReactElement | null {
  const report = useSessionState((state) => state.annotationReport);
  if (!report) return null;
  const { unmatched, remarks, cancelled, trouble } = report;
  const isGood = unmatched.length === 0 && report.conflicts === 0 && !cancelled && trouble === null;
  return (
    <div className={styles.report} role="status" data-testid="annotation-report">
      <p className={styles.summary}>
        {isGood ? (
          <IconCircleCheckFilled size={16} className={styles.good} aria-hidden />
        ) : (
          <IconAlertTriangle size={16} className={styles.caution} aria-hidden />
        )}
        <span>{summarize(report)}</span>
      </p>
      {cancelled && <p className={styles.ending}>{t('annotationImport.cancelled')}</p>}
      {trouble !== null && <p className={styles.ending}>{t('annotationImport.stopped', { trouble })}</p>}
      <List title={t('annotationImport.leftOut', { count: unmatched.length })}>
        {unmatched.map(({ frame, label, reason }) => t('annotationImport.leftOutLine', { label, frame, reason }))}
      </List>
      <List title={t('annotationImport.remarks')}>{remarks}</List>
    </div>
  );
}

/** Enough to see what is wrong; the command line lists all. */
const listedAtMost = 50;

function List({
  title,
  children,
}: {
  readonly title: string;
  readonly children: readonly string[];
}): ReactElement | null {
  if (children.length === 0) return null;
  const rest = children.length - listedAtMost;
  return (
    <>
      <p className={styles.heading}>{title}</p>
      <ul className={styles.list}>
        {children.slice(0, listedAtMost).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {rest > 0 && <li>{t('annotationImport.more', { count: rest })}</li>}
      </ul>
    </>
  );
}

function summarize({ format, added, updated, unchanged, conflicts, labels }: AnnotationImport): string {
  const parts: string[] = [
    t('annotationImport.added', { count: added }),
    t('annotationImport.updated', { count: updated }),
    t('annotationImport.unchanged', { count: unchanged }),
  ];
  if (conflicts > 0) parts.push(t('header.conflicts', { count: conflicts }));
  const summary = t('annotationImport.summary', { format, what: shownList(parts, 'unit') });
  return labels.length > 0
    ? `${summary} ${t('annotationImport.newLabels', { names: shownList(labels, 'unit') })}`
    : summary;
}

function Conflicts(): ReactElement | null {
  const conflicts = useSessionState((state) => state.conflicts);
  if (conflicts.length === 0) return null;
  return (
    <section aria-label={t('conflicts.title')} data-testid="conflicts">
      <p className={styles.heading}>{t('conflicts.about', { count: conflicts.length })}</p>
      <div className={styles.conflicts}>
        {conflicts.map((conflict) => (
          <ConflictCard key={conflict.id} conflict={conflict} />
        ))}
      </div>
    </section>
  );
}
