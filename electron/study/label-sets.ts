// Owns the adding of a whole set of labels to a workspace: all of them or none, and never a second one of a name.
import type { Label } from '../common/study.ts';
import { findLabelByName, insertLabel, setLabelHidden } from './labels.ts';
import type { LabelInput } from './labels.ts';
import type { Workspace } from './workspace.ts';

export interface AppliedLabelSet {
  readonly added: readonly Label[];
  /** Labels of these names that were there: as they were, and no longer put away. */
  readonly kept: readonly Label[];
}

export function applyLabelSet(workspace: Workspace, inputs: readonly LabelInput[]): AppliedLabelSet {
  return workspace.database.transaction(() => {
    const added: Label[] = [];
    const kept: Label[] = [];
    for (const input of inputs) {
      const known = findLabelByName(workspace, input.name);
      if (known) kept.push(setLabelHidden(workspace, known.id, false));
      else added.push(insertLabel(workspace, input));
    }
    return { added, kept };
  });
}
