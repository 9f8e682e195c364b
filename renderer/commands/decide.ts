// Owns the commands that judge the open mask.
import { accept, backToProposal, markAbsent } from '../session/decisions.ts';
import type { Session } from '../session/session.ts';
import { t } from '../strings/index.ts';
import type { Command } from './command.ts';

const hasDocument = (session: Session): boolean => session.editor.document !== null && !session.editor.isInGesture;

export const decideCommands: readonly Command[] = [
  {
    id: 'decide.accept',
    title: () => t('commands.decide.accept'),
    group: 'decide',
    icon: 'accept',
    keys: ['A'],
    isEnabled: hasDocument,
    run: accept,
  },
  {
    id: 'decide.absent',
    title: () => t('commands.decide.absent'),
    group: 'decide',
    icon: 'absent',
    keys: ['X'],
    isEnabled: hasDocument,
    run: markAbsent,
  },
  {
    id: 'decide.back',
    title: () => t('commands.decide.back'),
    group: 'decide',
    icon: 'back',
    keys: ['R'],
    isEnabled: hasDocument,
    run: backToProposal,
  },
  {
    id: 'decide.hide',
    title: () => t('commands.decide.hide'),
    group: 'decide',
    icon: 'hide',
    keys: ['H'],
    run: ({ store }) => store.setState((state) => ({ masksHidden: !state.masksHidden })),
  },
];
