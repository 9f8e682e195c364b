// Owns the row of commands that change the open mask as a whole.
import { memo, type ReactElement } from 'react';
import { t } from '../strings/index.ts';
import { CommandButton } from './command-button.tsx';
import styles from './mask-actions.module.css';

const actions = ['fill-holes', 'largest-part', 'smooth', 'grow', 'shrink', 'ellipse'] as const;

/** Remembered: the figures above it change with every stroke. */
export const MaskActions = memo(function MaskActions(): ReactElement {
  return (
    <div className={styles.row} role="group" aria-label={t('mask.actions')} data-testid="mask-actions">
      {actions.map((action) => (
        <CommandButton key={action} command={`edit.${action}`} kind="tool" tooltipSide="bottom" />
      ))}
    </div>
  );
});
