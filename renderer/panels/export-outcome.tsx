// Owns what is said of an export: what would be lost, how far it is, and what came of it.
import { type ReactElement, useState } from 'react';
import { Button, CopyButton, Loader, Progress } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import type { ExportPreview, ExportResult, Fidelity } from '../../electron/common/api.ts';
import { cancelExport, openExport } from '../session/exchange.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
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
        <Loader size={14} /> Looking at the annotations …
      </p>
    );
  }
  const { annotations, frames, studies, lost } = preview;
  return (
    <div className={styles.outcome} data-testid="export-preview" data-annotations={annotations}>
      {!isNetwork && (
        <p className={annotations === 0 ? styles.nothing : styles.count}>
          {annotations === 0
            ? 'Nothing of this choice is annotated yet.'
            : `${counted(annotations, 'annotation')} of ${counted(frames, 'frame')} in ${counted(studies, 'study', 'studies')}.`}
        </p>
      )}
      <LossList
        title={lost.length === 0 ? 'This format carries all of it.' : 'Not carried by this format:'}
        lost={lost}
      />
    </div>
  );
}

export function ExportProgress(): ReactElement {
  const session = useSession();
  const run = useSessionState((state) => state.exportRun);
  const share = run && run.total > 0 ? (100 * run.done) / run.total : 0;
  const words = !run
    ? 'Starting …'
    : run.phase === 'writing'
      ? `Writing ${run.done} of ${run.total}`
      : `Reading back ${run.done} of ${run.total}`;
  return (
    <div className={styles.progress} data-testid="export-progress">
      <span className={styles.count}>{words}</span>
      <Progress value={share} size={6} aria-label="Progress of the export" animated={!run} className={styles.bar} />
      <Button
        size="compact-sm"
        variant="default"
        disabled={run?.cancelling === true}
        onClick={() => void cancelExport(session)}
        data-testid="export-cancel"
      >
        {run?.cancelling ? 'Cancelling …' : 'Cancel'}
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
        <IconCircleCheckFilled size={15} /> {isNetwork ? 'Compared: ' : 'Read back: '}
        {describeFidelity(fidelity)}
      </p>
      {!isNetwork && <Figure name="Annotations">{annotations}</Figure>}
      <Figure name="Files">{files.length}</Figure>
      <Figure name="IoU, worst · mean">
        {fidelity.minIoU.toFixed(4)} · {fidelity.meanIoU.toFixed(4)}
      </Figure>
      <ExportedFolder folder={folder} />
      <LossList title="Not carried by this format:" lost={fidelity.lost} />
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
      setTrouble(error instanceof Error ? error.message : String(error));
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
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </span>
      </p>
      {trouble && <TroubleNote text={trouble} testId="export-open-trouble" />}
    </>
  );
}

function LossList({ title, lost }: { readonly title: string; readonly lost: readonly string[] }): ReactElement {
  return (
    <>
      {(lost.length > 0 || title.endsWith('.')) && <p className={styles.quiet}>{title}</p>}
      {lost.map((loss) => (
        <p key={loss} className={styles.loss}>
          {loss}
        </p>
      ))}
    </>
  );
}

function describeFidelity({ minIoU, meanIoU }: Fidelity): string {
  if (minIoU === 1) return 'every mask is equal to the last pixel.';
  return `IoU ${minIoU.toFixed(4)} at worst, ${meanIoU.toFixed(4)} on average.`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
