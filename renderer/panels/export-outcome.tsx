// Owns what is said of an export: what would be lost, how far it is, and what came of it.
import { type ReactElement, useState } from 'react';
import { Button, CopyButton, Loader, Progress } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import type { ExportPreview, ExportResult, Fidelity } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { cancelExport, openExport } from '../session/exchange.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { shownNumber, t } from '../strings/index.ts';
import styles from './export-dialog.module.css';
import { Figure } from './side-section.tsx';
import { TroubleNote } from './trouble-note.tsx';

export function ExportForecast({
  preview,
  isNetwork,
}: {
  preview: ExportPreview | null;
  isNetwork: boolean;
}): ReactElement {
  if (!preview) {
    return (
      <p className={styles.quiet}>
        <Loader size={14} /> {t('exports.looking')}
      </p>
    );
  }
  const { annotations, frames, studies, lost } = preview;
  return (
    <div className={styles.outcome} data-testid="export-preview" data-annotations={annotations}>
      {!isNetwork && (
        <p className={annotations === 0 ? styles.nothing : styles.count}>
          {annotations === 0
            ? t('exports.nothing')
            : t('exports.amount', {
                annotations: t('exports.annotationCount', { count: annotations }),
                frames: t('exports.frameCount', { count: frames }),
                studies: t('exports.studyCount', { count: studies }),
              })}
        </p>
      )}
      {lost.length === 0 && <p className={styles.quiet}>{t('exports.carriesAll')}</p>}
      <LossList lost={lost} />
    </div>
  );
}

export function ExportProgress(): ReactElement {
  const session = useSession();
  const run = useSessionState((state) => state.exportRun);
  const share = run && run.total > 0 ? (100 * run.done) / run.total : 0;
  const words = !run
    ? t('shared.starting')
    : run.phase === 'writing'
      ? t('exports.writing', { done: run.done, total: run.total })
      : t('exports.readingBack', { done: run.done, total: run.total });
  return (
    <div className={styles.progress} data-testid="export-progress">
      <span className={styles.count}>{words}</span>
      <Progress value={share} size={6} aria-label={t('exports.progress')} animated={!run} className={styles.bar} />
      <Button
        size="compact-sm"
        variant="default"
        disabled={run?.cancelling === true}
        onClick={() => void cancelExport(session)}
        data-testid="export-cancel"
      >
        {run?.cancelling ? t('shared.cancelling') : t('shared.cancel')}
      </Button>
    </div>
  );
}

interface ExportOutcomeProps {
  readonly result: ExportResult;
  readonly isNetwork: boolean;
}

export function ExportOutcome({ result, isNetwork }: ExportOutcomeProps): ReactElement {
  const { annotations, files, folder, fidelity, verified } = result;
  return (
    <div className={styles.outcome} role="status" data-testid="export-result" data-verified={verified}>
      <p className={styles.verified} data-testid="export-fidelity">
        <IconCircleCheckFilled size={15} />{' '}
        {isNetwork
          ? t('exports.compared', { what: describeFidelity(fidelity) })
          : t('exports.readBack', { what: describeFidelity(fidelity) })}
      </p>
      {!isNetwork && <Figure name={t('exports.annotations')}>{annotations}</Figure>}
      <Figure name={t('exports.files')}>{files.length}</Figure>
      <Figure name={t('exports.iou')}>
        {shownNumber(fidelity.minIoU, 4)} · {shownNumber(fidelity.meanIoU, 4)}
      </Figure>
      <ExportedFolder folder={folder} />
      <LossList lost={fidelity.lost} />
    </div>
  );
}

/** Where the files are: to be opened by the system, or copied where that cannot. */
function ExportedFolder({ folder }: { readonly folder: string }): ReactElement {
  const session = useSession();
  const [trouble, setTrouble] = useState<string | null>(null);
  const open = (): void => {
    setTrouble(null);
    openExport(session, folder).catch((error: unknown) => {
      setTrouble(messageOf(error));
    });
  };
  return (
    <>
      <p className={styles.folder}>
        <code data-testid="export-result-folder">{folder}</code>
        <span className={styles.folderButtons}>
          <Button variant="default" size="compact-sm" h={24} onClick={open} data-testid="export-open">
            {t('exports.openFolder')}
          </Button>
          <CopyButton value={folder}>
            {({ copied, copy }) => (
              <Button variant="default" size="compact-sm" h={24} onClick={copy}>
                {copied ? t('shared.copied') : t('shared.copy')}
              </Button>
            )}
          </CopyButton>
        </span>
      </p>
      {trouble && <TroubleNote text={trouble} testId="export-open-trouble" />}
    </>
  );
}

function LossList({ lost }: { readonly lost: readonly string[] }): ReactElement {
  return (
    <>
      {lost.length > 0 && <p className={styles.quiet}>{t('exports.notCarried')}</p>}
      {lost.map((loss) => (
        <p key={loss} className={styles.loss}>
          {loss}
        </p>
      ))}
    </>
  );
}

function describeFidelity({ minIoU, meanIoU }: Fidelity): string {
  if (minIoU === 1) return t('exports.equal');
  return t('exports.fidelity', { worst: shownNumber(minIoU, 4), mean: shownNumber(meanIoU, 4) });
}
