// Owns the choice of labels from the sets that come with the application.
import { type ReactElement, useEffect, useState } from 'react';
import { Button, Checkbox, Loader, Select } from '@mantine/core';
import type { LabelSet } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import type { Position } from '../../electron/common/prompts.ts';
import { applyLabelSet } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './label-dialogs.module.css';
import { TroubleNote } from './trouble-note.tsx';

interface LabelSetPickerProps {
  /** What the open study shows: the set that is opened first. */
  readonly position: Position | null;
  readonly onDone: () => void;
}

export function LabelSetPicker({ position, onDone }: LabelSetPickerProps): ReactElement {
  const session = useSession();
  const labels = useSessionState((state) => state.labels);
  const [sets, setSets] = useState<readonly LabelSet[] | null>(null);
  const [setId, setSetId] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    const open = (found: LabelSet[]): void => {
      setSets(found);
      const fitting = found.find((set) => set.labels.some((label) => label.position === position)) ?? found[0];
      setSetId(fitting?.id ?? null);
    };
    session.api.send('label-set:list', {}).then(open, (error: unknown) => setTrouble(messageOf(error)));
  }, [session, position]);

  if (!sets) return trouble ? <TroubleNote text={trouble} testId="label-sets-trouble" /> : <Loader size={20} />;
  const set = sets.find((one) => one.id === setId);
  const isThere = (name: string): boolean =>
    labels.some((label) => !label.hidden && label.name.toLowerCase() === name.toLowerCase());
  const toggle = (name: string): void =>
    setChosen(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]);
  const add = (): void => {
    if (!set) return;
    setBusy(true);
    setTrouble(null);
    applyLabelSet(session, set.id, chosen)
      .then(onDone)
      .catch((error: unknown) => setTrouble(messageOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <div className={styles.form}>
      <Select
        label={t('labelForm.set')}
        data={sets.map(({ id, title }) => ({ value: id, label: title }))}
        value={setId}
        onChange={(next) => {
          setSetId(next);
          setChosen([]);
        }}
        data-testid="label-set"
      />
      <div className={styles.choices} data-testid="label-set-labels">
        {set?.labels.map(({ name, code }) => (
          <Checkbox
            key={name}
            label={name}
            description={isThere(name) ? t('labelForm.there') : `${code.type.codeMeaning} (${code.type.codeValue})`}
            disabled={isThere(name)}
            checked={isThere(name) || chosen.includes(name)}
            onChange={() => toggle(name)}
          />
        ))}
      </div>
      {trouble && <TroubleNote text={trouble} testId="add-label-trouble" />}
      <div className={styles.buttons}>
        <Button
          variant="default"
          onClick={() => setChosen(set?.labels.map(({ name }) => name).filter((name) => !isThere(name)) ?? [])}
          data-testid="label-set-all"
        >
          {t('labelForm.chooseAll')}
        </Button>
        <Button loading={busy} disabled={chosen.length === 0} onClick={add} data-testid="label-set-add">
          {chosen.length > 1 ? t('labelForm.addLabels', { count: chosen.length }) : t('labelForm.add')}
        </Button>
      </div>
    </div>
  );
}
