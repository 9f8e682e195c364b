// Owns the dialogs on labels: adding them, from a set or one's own, and changing one.
import { type ReactElement, useState } from 'react';
import { Modal, SegmentedControl } from '@mantine/core';
import { nextLabelColor } from '../../electron/common/label-colors.ts';
import { addLabel, changeLabel } from '../session/labels.ts';
import { suggestedPrompts } from '../session/proposals.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './label-dialogs.module.css';
import { LabelForm, type LabelFields } from './label-form.tsx';
import { LabelSetPicker } from './label-set-picker.tsx';

export function AddLabelDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'add-label');
  const close = (): void => session.store.setState({ dialog: null });
  return (
    <Modal opened={opened} onClose={close} title={t('labels.add')} size={480} data-testid="add-label-dialog">
      <AddLabel onDone={close} />
    </Modal>
  );
}

function AddLabel({ onDone }: { readonly onDone: () => void }): ReactElement {
  const session = useSession();
  const labels = useSessionState((state) => state.labels);
  const position = useSessionState((state) => suggestedPrompts(state).position);
  const type = useSessionState((state) => suggestedPrompts(state).type);
  const [way, setWay] = useState<'set' | 'own'>('set');
  const blank: LabelFields = {
    name: '',
    color: nextLabelColor(labels.map((label) => label.color)),
    position: position ?? 'indis',
    type: type ?? 'tumor',
    code: null,
  };
  return (
    <div className={styles.dialog}>
      <SegmentedControl
        aria-label={t('labelForm.origin')}
        data={[
          { value: 'set', label: t('labelForm.fromSet') },
          { value: 'own', label: t('labelForm.own') },
        ]}
        value={way}
        onChange={setWay}
        data-testid="label-way"
      />
      {way === 'set' ? (
        <LabelSetPicker position={position ?? null} onDone={onDone} />
      ) : (
        <LabelForm
          initial={blank}
          action={t('labelForm.add')}
          save={(fields) => addLabel(session, fields)}
          onDone={onDone}
        />
      )}
    </div>
  );
}

export function EditLabelDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'edit-label');
  const label = useSessionState((state) => state.labels.find((one) => one.id === state.editedLabelId));
  const close = (): void => session.store.setState({ dialog: null });
  return (
    <Modal
      opened={opened && label !== undefined}
      onClose={close}
      title={t('labelForm.title')}
      size={480}
      data-testid="edit-label-dialog"
    >
      {label && (
        <LabelForm
          initial={label}
          action={t('labelForm.save')}
          save={(fields) => changeLabel(session, label.id, fields)}
          onDone={close}
        />
      )}
    </Modal>
  );
}
