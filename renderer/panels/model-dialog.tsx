// Owns the choice of the base model: what is installed, what each was measured at, and which cannot be used and why.
import { type ReactElement, useEffect, useState } from 'react';
import { Button, Loader, Modal } from '@mantine/core';
import type { ModelMetric, ModelView, UnusableModel } from '../../electron/common/api.ts';
import { shownFromAuc } from '../../electron/common/classification.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { chooseModel, type InstalledModels, listModels } from '../session/models.ts';
import { shownDay, shownNumber, t } from '../strings/index.ts';
import styles from './model-dialog.module.css';
import { TroubleNote } from './trouble-note.tsx';

export function ModelDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'models');
  return (
    <Modal
      opened={opened}
      onClose={() => session.store.setState({ dialog: null })}
      title={t('models.title')}
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
        if (shown) setTrouble(messageOf(error));
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
      setTrouble(messageOf(error));
      // What was refused is listed with the reason.
      await listModels(session).then(setFound, () => undefined);
    } finally {
      setChoosing(null);
    }
  };

  return (
    <div className={styles.list}>
      {trouble && <TroubleNote text={trouble} testId="model-trouble" />}
      {!found && !trouble && <Loader color="gray" size="sm" aria-label={t('models.checking')} />}
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
      {found?.models.length === 0 && found.unusable.length === 0 && <p className={styles.facts}>{t('models.none')}</p>}
      <p className={styles.note}>{t('models.note')}</p>
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
            {id} · {t('units.MB', { figure: shownNumber(bytes / 1e6, 1) })} ·{' '}
            <code title={hash}>{hash.slice(0, 8)}</code> ·{' '}
            {origin === 'shipped' ? t('models.shipped') : t('models.own')} · {shownDay(createdAt)}
          </span>
        </div>
        {active ? (
          <span className={styles.inUse}>{t('models.inUse')}</span>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={busy}
            disabled={disabled && !busy}
            onClick={onChoose}
            data-testid={`choose-${id}`}
          >
            {t('models.choose')}
          </Button>
        )}
      </header>
      {metrics.length > 0 && <MetricTable metrics={metrics} />}
      {classification.length > 0 && <ClassTable classification={classification} />}
      {card !== null && (
        <details className={styles.card}>
          <summary>{t('models.card')}</summary>
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
          <th scope="col">{t('models.dice')}</th>
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
            <th scope="col">{t('models.classes')}</th>
            <th scope="col">{t('models.auc')}</th>
            <th scope="col">{t('models.balancedAccuracy')}</th>
            <th scope="col">{t('models.frames')}</th>
            <th scope="col">{t('models.withProposals')}</th>
          </tr>
        </thead>
        <tbody>
          {classification.map(({ position, type, mode, classes, auc, balancedAccuracy, validationCases, shown }) => (
            <tr key={`${position} ${type} ${mode}`}>
              <th scope="row" title={classes.join(', ')}>
                {t('models.prompts', {
                  position: t(`prompts.values.${position}`),
                  type: t(`prompts.values.${type}`),
                  mode: t(`prompts.values.${mode}`),
                })}
              </th>
              <td>{shownNumber(auc, 2)}</td>
              <td>{shownNumber(balancedAccuracy, 2)}</td>
              <td>{validationCases}</td>
              <td>{shown ? t('models.shown') : t('models.notShown')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {classification.some(({ shown }) => !shown) && (
        <p className={styles.note} data-testid="classes-not-shown">
          {t('models.notShownBelow', { auc: shownFromAuc })}
        </p>
      )}
    </>
  );
}

function shownDice(metric: ModelMetric | undefined): string {
  if (!metric) return '–';
  const dice = shownNumber(metric.dice, 3);
  return metric.frames === null ? dice : t('models.diceOfFrames', { dice, count: metric.frames });
}

function UnusableEntry({ model }: { readonly model: UnusableModel }): ReactElement {
  return (
    <section className={styles.model} data-testid={`unusable-${model.name}`} aria-label={model.name}>
      <header className={styles.head}>
        <h3 className={styles.title}>{model.name}</h3>
        <span className={styles.refused}>{model.active ? t('models.inUseButUnusable') : t('models.unusable')}</span>
      </header>
      <p className={styles.reason}>{model.reason}</p>
    </section>
  );
}
