// Owns bringing files in: by a button, by a folder, by dropping them anywhere; and what came of each file.
import { type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, Loader, Modal } from '@mantine/core';
import { IconCircleCheckFilled, IconPhotoDown } from '@tabler/icons-react';
import { importFiles } from '../session/exchange.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { readDroppedFiles } from './dropped-files.ts';
import styles from './import-panel.module.css';
import { TroubleNote } from './trouble-note.tsx';

/** The drop zone with its buttons and the report of the last import. */
export function ImportZone({ title }: { readonly title: string }): ReactElement {
  const session = useSession();
  const importing = useSessionState((state) => state.importing);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const onChosen = (input: HTMLInputElement): void => {
    const chosen = [...(input.files ?? [])];
    input.value = '';
    void importFiles(session, chosen);
  };
  return (
    <div className={styles.zone} data-testid="import-zone">
      <IconPhotoDown size={36} stroke={1.2} className={styles.picture} aria-hidden />
      <p className={styles.title}>{title}</p>
      <p className={styles.about}>
        DICOM, PNG, JPEG, WebP, TIFF or BMP. The originals are kept as they are, on this machine.
      </p>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        onChange={(event) => onChosen(event.currentTarget)}
        data-testid="import-files"
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        {...{ webkitdirectory: '' }}
        onChange={(event) => onChosen(event.currentTarget)}
        data-testid="import-folder"
      />
      {importing.kind === 'busy' ? (
        <p className={styles.busy}>
          <Loader size={16} /> Importing …
        </p>
      ) : (
        <div className={styles.buttons}>
          <Button onClick={() => files.current?.click()}>Choose files</Button>
          <Button variant="default" onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
        </div>
      )}
      {importing.kind === 'failed' && <TroubleNote text={importing.message} testId="import-trouble" />}
      <Report />
    </div>
  );
}

function Report(): ReactElement | null {
  const report = useSessionState((state) => state.importReport);
  if (!report) return null;
  const { imported, failures, warnings } = report;
  return (
    <div className={styles.report} data-testid="import-report">
      <p className={styles.good}>
        {imported > 0 && <IconCircleCheckFilled size={15} />}
        {imported === 1 ? '1 file was imported.' : `${imported} files were imported.`}
      </p>
      {failures.map((failure) => (
        <TroubleNote
          key={failure.file}
          text={failure.message.includes(failure.file) ? failure.message : `${failure.file}: ${failure.message}`}
          testId="import-failure"
        />
      ))}
      {warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          {warning}
        </p>
      ))}
    </div>
  );
}

export function ImportDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'import');
  return (
    <Modal
      opened={opened}
      onClose={() => session.store.setState({ dialog: null, importReport: null })}
      title="Import files"
      size={560}
    >
      <ImportZone title="Drop files or folders here" />
    </Modal>
  );
}

/** Takes what is dropped anywhere on the window. */
export function DropTarget({ children }: { readonly children: ReactNode }): ReactElement {
  const session = useSession();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const detach = new AbortController();
    const { signal } = detach;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    window.addEventListener(
      'dragover',
      (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      { signal },
    );
    window.addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), { signal });
    window.addEventListener(
      'drop',
      (event) => {
        if (!event.dataTransfer || !hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        void takeDrop(event.dataTransfer);
      },
      { signal },
    );
    async function takeDrop(transfer: DataTransfer): Promise<void> {
      const files = await readDroppedFiles(transfer);
      session.store.setState({ dialog: 'import' });
      await importFiles(session, files);
      const { importReport } = session.store.getState();
      // Nothing to tell: the first imported frame is on the canvas already.
      const plain = importReport && importReport.failures.length + importReport.warnings.length === 0;
      if (plain) session.store.setState({ dialog: null, importReport: null });
    }
    return () => detach.abort();
  }, [session]);
  return (
    <>
      {children}
      {over && (
        <div className={styles.over} data-testid="drop-target">
          <IconPhotoDown size={48} stroke={1.2} />
          Drop to import
        </div>
      )}
    </>
  );
}
