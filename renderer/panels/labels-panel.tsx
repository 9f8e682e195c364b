// Owns the list of labels: those that are offered, in the reader's order, and those put away.
import { type ReactElement, useState } from 'react';
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { messageOf } from '../../electron/common/errors.ts';
import { findCommand, runCommand } from '../commands/index.ts';
import { offeredLabels } from '../session/label-looks.ts';
import { changeLabel } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import { LabelRow } from './label-row.tsx';
import styles from './labels-panel.module.css';
import { SideSection } from './side-section.tsx';

export function LabelsPanel(): ReactElement {
  const session = useSession();
  const labels = useSessionState((state) => state.labels);
  const offered = offeredLabels(labels);
  const add = (
    <Tooltip label={t('labels.add')}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label={t('labels.add')}
        onClick={() => runCommand(session, findCommand('work.add-label'))}
        data-testid="add-label"
      >
        <IconPlus size={16} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <SideSection title={t('labels.title')} action={add} testId="labels-panel">
      {offered.map((label, index) => (
        <LabelRow key={label.id} label={label} place={index} count={offered.length} />
      ))}
      {offered.length === 0 && <p className={styles.empty}>{t('labels.addFirst')}</p>}
      <HiddenLabels />
    </SideSection>
  );
}

/** Labels put away keep their annotations and can come back. */
function HiddenLabels(): ReactElement | null {
  const session = useSession();
  const labels = useSessionState((state) => state.labels);
  const [open, setOpen] = useState(false);
  const hidden = labels.filter((label) => label.hidden);
  if (hidden.length === 0) return null;
  const show = (labelId: string): void => {
    changeLabel(session, labelId, { hidden: false }).catch((error: unknown) => {
      const text = messageOf(error);
      session.store.setState({ notice: { tone: 'trouble', text } });
    });
  };
  return (
    <div className={styles.hidden} data-testid="hidden-labels">
      <UnstyledButton className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        {t('labels.hidden', { count: hidden.length })}
      </UnstyledButton>
      {open &&
        hidden.map((label) => (
          <div key={label.id} className={styles.hiddenRow}>
            <span className={styles.swatch} style={{ background: label.color }} />
            <span className={styles.name}>{label.name}</span>
            <UnstyledButton className={styles.link} onClick={() => show(label.id)}>
              {t('labels.bringBack')}
            </UnstyledButton>
          </div>
        ))}
    </div>
  );
}
