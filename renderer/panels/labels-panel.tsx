// Owns the list of labels: which is annotated now, and which adapter each uses.
import type { ReactElement } from 'react';
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { LabelView } from '../../electron/common/api.ts';
import { findCommand, runCommand } from '../commands/index.ts';
import { selectLabel } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import styles from './labels-panel.module.css';
import { positionWord } from './prompt-chips.tsx';
import { SideSection } from './side-section.tsx';

export function LabelsPanel(): ReactElement {
  const session = useSession();
  const labels = useSessionState((state) => state.labels);
  const add = (
    <Tooltip label="Add a label · L">
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label="Add a label"
        onClick={() => runCommand(session, findCommand('work.add-label'))}
        data-testid="add-label"
      >
        <IconPlus size={16} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <SideSection title="Labels" action={add} testId="labels-panel">
      {labels.map((label, index) => (
        <LabelRow key={label.id} label={label} number={index + 1} />
      ))}
      {labels.length === 0 && <p className={styles.empty}>Add the first structure to annotate, as “Lesion”.</p>}
    </SideSection>
  );
}

function LabelRow({ label, number }: { readonly label: LabelView; readonly number: number }): ReactElement {
  const session = useSession();
  const isSelected = useSessionState((state) => state.labelId === label.id);
  return (
    <UnstyledButton
      className={styles.row}
      data-on={isSelected || undefined}
      aria-pressed={isSelected}
      onClick={() => void selectLabel(session, label.id)}
      data-testid="label-row"
      data-label-id={label.id}
    >
      <span className={styles.swatch} style={{ background: label.color }} />
      <span className={styles.words}>
        <span className={styles.name}>{label.name}</span>
        <span className={styles.about}>
          {label.position === 'indis' ? '' : `${positionWord(label.position)} `}
          {label.type} · {label.activeAdapterId ? 'own adapter' : 'base model'}
        </span>
      </span>
      {number <= 9 && <kbd className={styles.key}>{number}</kbd>}
    </UnstyledButton>
  );
}
