// Owns the export dialog: which format, what of the workspace, what the format would lose, and what came of it.
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { Button, Modal, Radio, TextInput, VisuallyHidden } from '@mantine/core';
import type { CommandOutput, ExportPreview } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { closeExport, type ExportChoiceInput, previewExport, runExport } from '../session/exchange.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import { type Choice, ExportChoice, wholeWorkspace } from './export-choice.tsx';
import styles from './export-dialog.module.css';
import { ExportForecast, ExportOutcome, ExportProgress } from './export-outcome.tsx';
import { TroubleNote } from './trouble-note.tsx';

type Format = CommandOutput<'export:formats'>[number];

/** The one format that holds no annotations. */
const networkFormat = 'onnx';

export function ExportDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'export');
  return (
    <Modal
      opened={opened}
      onClose={() => closeExport(session)}
      title={t('exports.title')}
      size={880}
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
  const [formats, setFormats] = useState<readonly Format[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const formatId = useSessionState((state) => state.exportFormatId);
  const [choice, setChoice] = useState<Choice>(wholeWorkspace);
  const [folder, setFolder] = useState('');
  const [preview, setPreview] = useState<ExportPreview | null>(null);
  const format = formats.find(({ id }) => id === formatId) ?? null;
  const isNetwork = formatId === networkFormat;

  useEffect(() => {
    const load = async (): Promise<void> => {
      try {
        const found = await session.api.send('export:formats', {});
        setFormats(found);
        const first = found[0]?.id ?? null;
        session.store.setState(({ exportFormatId }) => ({ exportFormatId: exportFormatId ?? first }));
      } catch (error) {
        setTrouble(messageOf(error));
      }
    };
    void load();
  }, [session]);

  useEffect(() => {
    if (formatId === null) return undefined;
    let shown = true;
    const look = async (): Promise<void> => {
      try {
        const found = await previewExport(session, formatId, choiceInput(choice));
        if (shown) setPreview(found);
        if (shown) setTrouble(null);
      } catch (error) {
        if (shown) setTrouble(messageOf(error));
      }
    };
    // Typing a day asks once, not for every digit.
    const timer = setTimeout(() => void look(), 150);
    return () => {
      shown = false;
      clearTimeout(timer);
    };
  }, [session, formatId, choice]);

  const { hostFiles } = session.api;
  const choose = (): void => {
    void hostFiles?.choose('folder').then(([chosen]) => chosen !== undefined && setFolder(chosen));
  };
  const run = (): void => {
    if (!format) return;
    const images = choice.images || !format.imagesOptional;
    const { originals } = choice;
    const target = folder.trim() || null;
    void runExport(session, { format: format.id, folder: target, images, originals, ...choiceInput(choice) });
  };
  /** Another question: what came of the last export says nothing about it. */
  const ask = (change: () => void): void => {
    change();
    setPreview(null);
    if (exporting.kind !== 'busy') session.store.setState({ exportResult: null, exporting: { kind: 'idle' } });
  };
  const isEmpty = !isNetwork && preview?.annotations === 0;

  return (
    <div className={styles.form}>
      <div className={styles.columns}>
        {formats.length > 0 ? (
          <FormatList
            formats={formats}
            chosen={formatId}
            onChoose={(id) => ask(() => session.store.setState({ exportFormatId: id }))}
          />
        ) : (
          <div />
        )}
        <div className={styles.side}>
          {result ? (
            <ExportOutcome result={result} isNetwork={isNetwork} />
          ) : (
            <ExportForecast preview={preview} isNetwork={isNetwork} />
          )}
          <ExportChoice
            choice={choice}
            imagesOptional={format?.imagesOptional ?? true}
            isNetwork={isNetwork}
            onChange={(changed) => ask(() => setChoice(changed))}
          />
          {trouble && <TroubleNote text={trouble} testId="formats-trouble" />}
        </div>
      </div>
      <div className={styles.target}>
        <TextInput
          label={t('exports.folder')}
          description={t('exports.folderHint')}
          placeholder={t('exports.ownFolder')}
          value={folder}
          onChange={(event) => setFolder(event.currentTarget.value)}
          data-testid="export-folder"
        />
        {hostFiles && (
          <Button variant="default" onClick={choose} data-testid="export-choose">
            {t('imports.chooseFolder')}
          </Button>
        )}
      </div>
      {exporting.kind === 'failed' && <TroubleNote text={exporting.message} testId="export-trouble" />}
      {exporting.kind === 'busy' ? (
        <ExportProgress />
      ) : (
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => closeExport(session)}>
            {result ? t('exports.done') : t('shared.close')}
          </Button>
          <Button onClick={run} disabled={!format || isEmpty} data-testid="export-run">
            {result ? t('exports.again') : t('exports.run')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface FormatListProps {
  readonly formats: readonly Format[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** By what they are for. The one chosen before is in sight when the dialog opens. */
function FormatList({ formats, chosen, onChoose }: FormatListProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[data-checked]')?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <Radio.Group value={chosen} onChange={onChoose} label={<VisuallyHidden>{t('exports.format')}</VisuallyHidden>}>
      <div className={styles.formats} ref={list}>
        {[...Map.groupBy(formats, ({ purpose }) => purpose)].map(([purpose, members]) => (
          <section key={purpose} className={styles.purpose} aria-label={t(`exports.purposes.${purpose}`)}>
            <h3 className={styles.heading}>{t(`exports.purposes.${purpose}`)}</h3>
            {members.map(({ id, title, description }) => (
              <Radio.Card key={id} value={id} className={styles.format} data-testid={`format-${id}`}>
                <Radio.Indicator size="xs" />
                <span>
                  <span className={styles.title}>{title}</span>
                  <span className={styles.about}>{description}</span>
                </span>
              </Radio.Card>
            ))}
          </section>
        ))}
      </div>
    </Radio.Group>
  );
}

function choiceInput({ studyIds, labelIds, from, until, ...states }: Choice): ExportChoiceInput {
  return {
    studyIds: studyIds.length > 0 ? [...studyIds] : null,
    labelIds: labelIds.length > 0 ? [...labelIds] : null,
    reviewStates: (['accepted', 'absent', 'edited'] as const).filter((state) => states[state]),
    from: from || null,
    until: until || null,
  };
}
