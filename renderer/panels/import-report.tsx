// Owns what is said of an import: how far it is, with Cancel, and what came of it, each skipped file with its reason.
import type { ReactElement } from 'react';
import { Button, Progress } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheckFilled } from '@tabler/icons-react';
import type { ImportReport } from '../../electron/common/api.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { cancelImport, summarizeImport } from '../session/imports.ts';
import { t } from '../strings/index.ts';
import styles from './import-report.module.css';

export function ImportProgress(): ReactElement | null {
  const session = useSession();
  const run = useSessionState((state) => state.importRun);
  const waiting = useSessionState((state) => state.importsWaiting);
  if (!run) return null;
  const { phase, done, total, file, frames, cancelling } = run;
  const share = total > 0 ? (100 * done) / total : 0;
  const place = { number: Math.min(done + 1, total), total };
  const words = phase === 'reading' ? t('imports.reading', place) : t('imports.importing', place);
  return (
    <div className={styles.progress} data-testid="import-progress" data-done={done} data-total={total}>
      <p className={styles.words}>
        <span>{total > 0 ? words : t('shared.starting')}</span>
        {waiting > 0 && <span className={styles.dim}>{t('imports.waiting', { count: waiting })}</span>}
      </p>
      <Progress value={share} size={6} aria-label={t('imports.progress')} animated={total === 0} />
      <div className={styles.foot}>
        <span className={styles.file} title={file ?? undefined}>
          {file !== null &&
            (frames === null ? fileName(file) : t('imports.frameOfFile', { file: fileName(file), number: frames }))}
        </span>
        <Button
          size="compact-sm"
          variant="default"
          disabled={cancelling}
          onClick={() => void cancelImport(session)}
          data-testid="import-cancel"
        >
          {cancelling ? t('shared.cancelling') : t('shared.cancel')}
        </Button>
      </div>
    </div>
  );
}

export function ImportOutcome(): ReactElement | null {
  const report = useSessionState((state) => state.importReport);
  if (!report) return null;
  const { imported, skipped, warnings, cancelled } = report;
  const wrong = skipped.filter(({ expected }) => !expected);
  const beside = skipped.filter(({ expected }) => expected);
  return (
    <div className={styles.report} data-testid="import-report">
      <p className={styles.summary}>
        {imported > 0 ? (
          <IconCircleCheckFilled size={16} className={styles.good} aria-hidden />
        ) : (
          <IconAlertTriangle size={16} className={styles.caution} aria-hidden />
        )}
        <span>{summarizeImport(report)}</span>
      </p>
      {cancelled && <p className={styles.dim}>{t('imports.cancelled')}</p>}
      {wrong.length > 0 && (
        <SkippedList title={t('imports.failed', { count: wrong.length })} files={wrong} testId="import-failure" />
      )}
      {beside.length > 0 && (
        <details className={styles.more}>
          <summary>{t('imports.beside', { count: beside.length })}</summary>
          <SkippedList files={beside} testId="import-beside" />
        </details>
      )}
      {warnings.length > 0 && (
        <details className={styles.more}>
          <summary>{t('imports.remarks', { count: warnings.length })}</summary>
          <ul className={styles.list}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** A name that is in the reason already is not said twice. */
function SkippedList(props: {
  readonly title?: string;
  readonly files: ImportReport['skipped'];
  readonly testId: string;
}): ReactElement {
  return (
    <section aria-label={props.title ?? t('imports.noImages')}>
      {props.title && <h3 className={styles.title}>{props.title}</h3>}
      <ul className={styles.list}>
        {props.files.map(({ path, reason }) => (
          <li key={path} data-testid={props.testId}>
            <span className={styles.name} title={path}>
              {fileName(path)}
            </span>
            <span className={styles.reason}>{withoutPath(reason, path)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The reason as the end of a line that the file's name begins: "scan.png is damaged" becomes "Is damaged". */
function withoutPath(reason: string, path: string): string {
  const start = [path, fileName(path)].find((name) => name !== '' && reason.startsWith(name));
  if (!start) return reason;
  const rest = reason.slice(start.length).replace(/^[\s:,]+/, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
