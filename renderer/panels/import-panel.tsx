// Owns bringing files in: by a button, by a folder, by dropping them anywhere.
import { type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, Modal } from '@mantine/core';
import { IconPhotoDown } from '@tabler/icons-react';
import { useSession, useSessionState } from '../session/hooks.ts';
import { clearImport, closeQuietImport, importFiles, importPaths } from '../session/imports.ts';
import type { Session } from '../session/session.ts';
import { t } from '../strings/index.ts';
import { listDroppedPaths, readDroppedFiles } from './dropped-files.ts';
import styles from './import-panel.module.css';
import { ImportOutcome, ImportProgress } from './import-report.tsx';
import { TroubleNote } from './trouble-note.tsx';

/** The drop zone with its buttons and the report of the last import. */
export function ImportZone({ title }: { readonly title: string }): ReactElement {
  const session = useSession();
  const importing = useSessionState((state) => state.importing);
  const { hostFiles } = session.api;
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const onChosen = (input: HTMLInputElement): void => {
    const chosen = [...(input.files ?? [])];
    input.value = '';
    void importFiles(session, chosen);
  };
  const choose = (kind: 'files' | 'folder'): void => {
    if (hostFiles) void hostFiles.choose(kind).then((paths) => importPaths(session, paths));
    else (kind === 'files' ? files : folder).current?.click();
  };
  return (
    <div className={styles.zone} data-testid="import-zone">
      <IconPhotoDown size={36} stroke={1.2} className={styles.picture} aria-hidden />
      <p className={styles.title}>{title}</p>
      <p className={styles.about}>{t('imports.about')}</p>
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
        <ImportProgress />
      ) : (
        <div className={styles.buttons}>
          <Button onClick={() => choose('files')}>{t('imports.chooseFiles')}</Button>
          <Button variant="default" onClick={() => choose('folder')}>
            {t('imports.chooseFolder')}
          </Button>
          <Button
            variant="subtle"
            onClick={() => session.store.setState({ dialog: 'annotations' })}
            data-testid="import-annotations"
          >
            {t('imports.annotations')}
          </Button>
        </div>
      )}
      {importing.kind === 'failed' && <TroubleNote text={importing.message} testId="import-trouble" />}
      <ImportOutcome />
    </div>
  );
}

export function ImportDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'import');
  return (
    <Modal
      opened={opened}
      onClose={() => {
        session.store.setState({ dialog: null });
        clearImport(session);
      }}
      title={t('imports.title')}
      size={560}
    >
      <ImportZone title={t('imports.drop')} />
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
        void takeDrop(session, event.dataTransfer);
      },
      { signal },
    );
    return () => detach.abort();
  }, [session]);
  return (
    <>
      {children}
      {over && (
        <div className={styles.over} data-testid="drop-target">
          <IconPhotoDown size={48} stroke={1.2} />
          {t('imports.dropNow')}
        </div>
      )}
    </>
  );
}

async function takeDrop(session: Session, transfer: DataTransfer): Promise<void> {
  const { api, store } = session;
  const { hostFiles } = api;
  store.setState({ dialog: 'import' });
  if (hostFiles) await importPaths(session, listDroppedPaths(transfer, hostFiles));
  else await importFiles(session, await readDroppedFiles(transfer));
  closeQuietImport(session);
}
