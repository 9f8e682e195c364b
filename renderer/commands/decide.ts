// Owns the commands that judge the open mask.
import { accept, backToProposal, markAbsent } from '../session/decisions.ts';
import type { Session } from '../session/session.ts';
import type { Command } from './command.ts';

const hasDocument = (session: Session): boolean => session.editor.document !== null && !session.editor.isInGesture;

export const decideCommands: readonly Command[] = [
  {
    id: 'decide.accept',
    title: 'Accept',
    group: 'Decide',
    icon: 'accept',
    keys: ['A'],
    isEnabled: hasDocument,
    run: accept,
  },
  {
    id: 'decide.absent',
    title: 'Not here',
    group: 'Decide',
    icon: 'absent',
    keys: ['X'],
    isEnabled: hasDocument,
    run: markAbsent,
  },
  {
    id: 'decide.back',
    title: 'Back to proposal',
    group: 'Decide',
    icon: 'back',
    keys: ['R'],
    isEnabled: hasDocument,
    run: backToProposal,
  },
  {
    id: 'decide.hide',
    title: 'Hide masks',
    group: 'Decide',
    icon: 'hide',
    keys: ['H'],
    run: ({ store }) => store.setState((state) => ({ masksHidden: !state.masksHidden })),
  },
];
