// Owns the choice of the base model: what is installed, what each was measured at, and which cannot be used and why.
import { type ReactElement, useEffect, useState } from 'react';
import { Button, Loader, Modal } from '@mantine/core';
import type { ModelMetric, ModelView, UnusableModel } from '../../electron/common/api.ts';
import { shownFromAuc } from '../../electron/common/classification.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { chooseModel, type InstalledModels, listModels } from '../session/models.ts';
import styles from './model-dialog.module.css';
import { TroubleNote } from './trouble-note.tsx';

export function ModelDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'models');
  return (
    <Modal
      opened={opened}
      onClose={() => session.store.setState({ dialog: null })}
      title="Models"
      size={640}
      data-testid="model-dialog"
    >
      <ModelList />
    </Modal>
  );
}

function ModelList(): ReactElement {
  const session = useSession();
  const activeId = useSessionState((state) => state.status?.model?.id ?? null);
  const [found, setFound] = useState<InstalledModels | null>(null);
  const [choosing, setChoosing] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    let shown = true;
    const load = async (): Promise<void> => {
      try {
        const models = await listModels(session);
        if (shown) setFound(models);
      } catch (error) {
        if (shown) setTrouble(error instanceof Error ? error.message : String(error));
      }
    };
    void load();
    return () => {
      shown = false;
    };
  }, [session]);

  const choose = async (id: string): Promise<void> => {
    setChoosing(id);
    setTrouble(null);
    try {
      await chooseModel(session, id);
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
      // What was refused is listed with the reason.
      await listModels(session).then(setFound, () => undefined);
    } finally {
      setChoosing(null);
    }
  };

  return (
    <div className={styles.list}>
      {trouble && <TroubleNote text={trouble} testId="model-trouble" />}
      {!found && !trouble && <Loader color="gray" size="sm" aria-label="The models are being checked" />}
      {found?.models.map((model) => (
        <ModelEntry
          key={model.folder}
          model={model}
          active={model.id === activeId}
          busy={choosing === model.id}
          disabled={choosing !== null}
          onChoose={() => void choose(model.id)}
        />
      ))}
      {found?.unusable.map((model) => (
        <UnusableEntry key={model.folder} model={model} />
      ))}
      {found?.models.length === 0 && found.unusable.length === 0 && <p className={styles.facts}>None is installed.</p>}
      <p className={styles.note}>
        What was learned by synchronization belongs to one model. It is kept, and used again when that model is chosen.
      </p>
    </div>
  );
}

interface ModelEntryProps {
  readonly model: ModelView;
  /** Chosen here or elsewhere since the list was loaded. */
  readonly active: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly onChoose: () => void;
}

function ModelEntry({ model, active, busy, disabled, onChoose }: ModelEntryProps): ReactElement {
  const { id, title, hash, bytes, origin, createdAt, metrics, classification, card } = model;
  return (
    <section className={styles.model} data-active={active} data-testid={`model-${id}`} aria-label={title}>
      <header className={styles.head}>
        <div className={styles.names}>
          <h3 className={styles.title}>{title}</h3>
          <span className={styles.facts}>
            {id} · {(bytes / 1e6).toFixed(1)} MB · <code title={hash}>{hash.slice(0, 8)}</code> ·{' '}
            {origin === 'shipped' ? 'came with SonoSync' : 'your own'} · {createdAt.slice(0, 10)}
          </span>
        </div>
        {active ? (
          <span className={styles.inUse}>In use</span>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={busy}
            disabled={disabled && !busy}
            onClick={onChoose}
            data-testid={`choose-${id}`}
          >
            Choose
          </Button>
        )}
      </header>
      {metrics.length > 0 && <MetricTable metrics={metrics} />}
      {classification.length > 0 && <ClassTable classification={classification} />}
      {card !== null && (
        <details className={styles.card}>
          <summary>Model card</summary>
          <pre className={styles.text}>{card}</pre>
        </details>
      )}
    </section>
  );
}

/** One line for each set, one column for each split. */
function MetricTable({ metrics }: { readonly metrics: readonly ModelMetric[] }): ReactElement {
  const splits = [...new Set(metrics.map(({ split }) => split))];
  const sets = [...new Set(metrics.map(({ set }) => set))];
  return (
    <table className={styles.metrics}>
      <thead>
        <tr>
          <th scope="col">Dice</th>
          {splits.map((split) => (
            <th key={split} scope="col">
              {split}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sets.map((set) => (
          <tr key={set}>
            <th scope="row">{set}</th>
            {splits.map((split) => (
              <td key={split}>{shownDice(metrics.find((one) => one.set === set && one.split === split))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the model knows of classes, one line for each set of prompts. */
function ClassTable({ classification }: Pick<ModelView, 'classification'>): ReactElement {
  return (
    <>
      <table className={styles.metrics} data-testid="class-table">
        <thead>
          <tr>
            <th scope="col">Classes</th>
            <th scope="col">AUC</th>
            <th scope="col">Balanced accuracy</th>
            <th scope="col">Frames</th>
            <th scope="col">With proposals</th>
          </tr>
        </thead>
        <tbody>
          {classification.map(({ position, type, mode, classes, auc, balancedAccuracy, validationCases, shown }) => (
            <tr key={`${position} ${type} ${mode}`}>
              <th scope="row" title={classes.join(', ')}>
                {position} {type}, {mode}
              </th>
              <td>{auc.toFixed(2)}</td>
              <td>{balancedAccuracy.toFixed(2)}</td>
              <td>{validationCases}</td>
              <td>{shown ? 'shown' : 'not shown'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {classification.some(({ shown }) => !shown) && (
        <p className={styles.note} data-testid="classes-not-shown">
          Where the area under the ROC curve (AUC) is below {shownFromAuc} on validation frames, classes are not shown
          with proposals: they would mislead.
        </p>
      )}
    </>
  );
}

function shownDice(metric: ModelMetric | undefined): string {
  if (!metric) return '–';
  return metric.frames === null ? metric.dice.toFixed(3) : `${metric.dice.toFixed(3)} (${metric.frames} frames)`;
}

function UnusableEntry({ model }: { readonly model: UnusableModel }): ReactElement {
  return (
    <section className={styles.model} data-testid={`unusable-${model.name}`} aria-label={model.name}>
      <header className={styles.head}>
        <h3 className={styles.title}>{model.name}</h3>
        <span className={styles.refused}>{model.active ? 'In use, but cannot be used' : 'Cannot be used'}</span>
      </header>
      <p className={styles.reason}>{model.reason}</p>
    </section>
  );
}
