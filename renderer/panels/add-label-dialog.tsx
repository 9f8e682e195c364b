// Owns adding a label: its name, and the two prompts that say what it is.
import { type FormEvent, type ReactElement, useState } from 'react';
import { Button, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { type ObjectType, type Position, positions } from '../../electron/common/prompts.ts';
import { addLabel } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import styles from './export-dialog.module.css';
import { positionWord } from './prompt-chips.tsx';
import { TroubleNote } from './trouble-note.tsx';

export function AddLabelDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'add-label');
  const close = (): void => session.store.setState({ dialog: null });
  return (
    <Modal opened={opened} onClose={close} title="Add a label" size={400} data-testid="add-label-dialog">
      <AddLabelForm onDone={close} />
    </Modal>
  );
}

function AddLabelForm({ onDone }: { readonly onDone: () => void }): ReactElement {
  const session = useSession();
  const guess = useSessionState((state) => state.studies.find((study) => study.id === state.studyId)?.position);
  const [name, setName] = useState('');
  const [position, setPosition] = useState<Position>(guess ?? 'indis');
  const [type, setType] = useState<ObjectType>('tumor');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    addLabel(session, { name: name.trim(), position, type })
      .then(onDone)
      .catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false));
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        data-autofocus
        label="Name"
        placeholder="Lesion, nodule, fetal head …"
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-testid="label-name"
      />
      <Select
        label="Position"
        description="The part of the body; the model is told"
        data={positions.map((value) => ({ value, label: positionWord(value) }))}
        value={position}
        onChange={(value) => value && setPosition(value)}
        data-testid="label-position"
      />
      <SegmentedControl
        aria-label="Object"
        data={[
          { value: 'tumor', label: 'Tumor or lesion' },
          { value: 'organ', label: 'Organ or structure' },
        ]}
        value={type}
        onChange={setType}
        data-testid="label-type"
      />
      {trouble && <TroubleNote text={trouble} testId="add-label-trouble" />}
      <div className={styles.buttons}>
        <Button type="submit" loading={busy} disabled={name.trim() === ''} data-testid="label-submit">
          Add
        </Button>
      </div>
    </form>
  );
}
