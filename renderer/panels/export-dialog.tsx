// Owns the export: which format, what is in it, and what came of it, read back and compared.
import { type ReactElement, useEffect, useState } from 'react';
import { Button, Checkbox, CopyButton, Modal, Radio, TextInput } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import type { CommandOutput, ExportResult, Fidelity } from '../../electron/common/api.ts';
import { runExport } from '../session/exchange.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import styles from './export-dialog.module.css';
import { Figure } from './side-section.tsx';
import { TroubleNote } from './trouble-note.tsx';

export function ExportDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'export');
  return (
    <Modal
      opened={opened}
      onClose={() => session.store.setState({ dialog: null })}
      title="Export annotations"
      size={560}
      data-testid="export-dialog"
    >
      <ExportForm />
    </Modal>
  );
}

function ExportForm(): ReactElement {
  const session = useSession();
  const exporting = useSessionState((state) => state.exporting);
  const result = useSessionState((state) => state.exportResult);
  const [formats, setFormats] = useState<CommandOutput<'export:formats'>>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [format, setFormat] = useState<string | null>(null);
  const [folder, setFolder] = useState('');
  const [includeEdited, setIncludeEdited] = useState(false);

  useEffect(() => {
    const load = async (): Promise<void> => {
      try {
        const found = await session.api.send('export:formats', {});
        setFormats(found);
        setFormat((chosen) => chosen ?? found[0]?.id ?? null);
      } catch (error) {
        setTrouble(error instanceof Error ? error.message : String(error));
      }
    };
    void load();
  }, [session]);

  const run = (): void => {
    if (format !== null) void runExport(session, { format, folder: folder.trim() || null, includeEdited });
  };

  return (
    <div className={styles.form}>
      {trouble && <TroubleNote text={trouble} testId="formats-trouble" />}
      <Radio.Group value={format} onChange={setFormat} aria-label="Format">
        <div className={styles.formats}>
          {formats.map((candidate) => (
            <Radio.Card
              key={candidate.id}
              value={candidate.id}
              className={styles.format}
              data-testid={`format-${candidate.id}`}
            >
              <Radio.Indicator size="xs" />
              <span>
                <span className={styles.title}>{candidate.title}</span>
                <span className={styles.about}>{candidate.description}</span>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <Checkbox
        size="sm"
        checked={includeEdited}
        onChange={(event) => setIncludeEdited(event.currentTarget.checked)}
        label="Also what was corrected but not accepted yet"
        data-testid="export-include-edited"
      />
      <TextInput
        label="Folder"
        placeholder="The workspace’s own exports folder"
        value={folder}
        onChange={(event) => setFolder(event.currentTarget.value)}
        data-testid="export-folder"
      />
      {exporting.kind === 'failed' && <TroubleNote text={exporting.message} testId="export-trouble" />}
      {result && <Outcome result={result} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={() => session.store.setState({ dialog: null })}>
          {result ? 'Done' : 'Cancel'}
        </Button>
        <Button onClick={run} loading={exporting.kind === 'busy'} disabled={format === null} data-testid="export-run">
          {result ? 'Export again' : 'Export'}
        </Button>
      </div>
    </div>
  );
}

function Outcome({ result }: { readonly result: ExportResult }): ReactElement {
  return (
    <div className={styles.outcome} role="status" data-testid="export-result" data-verified={result.verified}>
      <Figure name="Annotations">{result.annotations}</Figure>
      <Figure name="Files">{result.files.length}</Figure>
      <p className={styles.folder}>
        <code data-testid="export-result-folder">{result.folder}</code>
        <CopyButton value={result.folder}>
          {({ copied, copy }) => (
            <Button variant="default" size="compact-sm" h={24} onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </p>
      <p className={styles.verified} data-testid="export-fidelity">
        <IconCircleCheckFilled size={15} /> {describeFidelity(result.fidelity)}
      </p>
      {result.fidelity.lost.map((loss) => (
        <p key={loss} className={styles.loss}>
          {loss}
        </p>
      ))}
    </div>
  );
}

function describeFidelity({ minIoU, meanIoU }: Fidelity): string {
  if (minIoU === 1) return 'Read back: every mask is equal to the last pixel.';
  return `Read back: IoU ${minIoU.toFixed(4)} at worst, ${meanIoU.toFixed(4)} on average.`;
}
