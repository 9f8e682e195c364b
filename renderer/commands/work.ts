// Owns the commands of the work around the canvas: synchronization, export, labels.
import { cancelAnnotationImport } from '../session/annotation-imports.ts';
import { cancelImport } from '../session/imports.ts';
import { startSynchronization, cancelSynchronization } from '../session/synchronization.ts';
import { cancelProposeForAll, proposeForAll } from '../session/proposals-ahead.ts';
import type { Session } from '../session/session.ts';
import { t } from '../strings/index.ts';
import type { Command } from './command.ts';

/** Enough corrections are there and none is being learned from at the moment. */
export function canSynchronize({ store }: Session): boolean {
  const { corrections, training } = store.getState();
  return !training && corrections !== null && corrections.corrections >= corrections.needed;
}

function canProposeForAll({ store }: Session): boolean {
  const { labelId, frameId, proposeRun } = store.getState();
  return labelId !== null && frameId !== null && proposeRun === null;
}

export const workCommands: readonly Command[] = [
  {
    id: 'work.synchronize',
    title: () => t('commands.work.synchronize'),
    group: 'work',
    icon: 'synchronize',
    keys: ['Ctrl+Enter'],
    isEnabled: canSynchronize,
    run: startSynchronization,
  },
  {
    id: 'work.cancel-synchronization',
    title: () => t('commands.work.cancelSynchronization'),
    group: 'work',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().training !== null,
    run: cancelSynchronization,
  },
  {
    id: 'work.propose-strip',
    title: () => t('commands.work.proposeStrip'),
    group: 'work',
    icon: 'propose',
    keys: ['Ctrl+Shift+P'],
    isEnabled: canProposeForAll,
    run: (session) => proposeForAll(session, 'strip'),
  },
  {
    id: 'work.propose-study',
    title: () => t('commands.work.proposeStudy'),
    group: 'work',
    icon: 'propose',
    keys: [],
    isEnabled: canProposeForAll,
    run: (session) => proposeForAll(session, 'study'),
  },
  {
    id: 'work.cancel-proposing',
    title: () => t('commands.work.cancelProposing'),
    group: 'work',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().proposeRun !== null,
    run: cancelProposeForAll,
  },
  {
    id: 'work.add-label',
    title: () => t('commands.work.addLabel'),
    group: 'work',
    icon: 'add',
    keys: ['Shift+L'],
    run: ({ store }) => store.setState({ dialog: 'add-label' }),
  },
  {
    id: 'work.import',
    title: () => t('commands.work.import'),
    group: 'work',
    icon: 'import',
    keys: ['Ctrl+O'],
    run: ({ store }) => store.setState({ dialog: 'import' }),
  },
  {
    id: 'work.cancel-import',
    title: () => t('commands.work.cancelImport'),
    group: 'work',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().importRun !== null || store.getState().annotationRun !== null,
    run: async (session) => {
      await Promise.all([cancelImport(session), cancelAnnotationImport(session)]);
    },
  },
  {
    id: 'work.receive',
    title: () => t('commands.work.receive'),
    group: 'work',
    icon: 'receive',
    keys: ['Ctrl+Shift+O'],
    run: ({ store }) => store.setState({ dialog: 'intake' }),
  },
  {
    id: 'work.import-annotations',
    title: () => t('commands.work.importAnnotations'),
    group: 'work',
    icon: 'import',
    keys: ['Ctrl+Shift+E'],
    run: ({ store }) => store.setState({ dialog: 'annotations' }),
  },
  {
    id: 'work.export',
    title: () => t('commands.work.export'),
    group: 'work',
    icon: 'export',
    keys: ['Ctrl+E'],
    run: ({ store }) => store.setState({ dialog: 'export' }),
  },
  {
    id: 'work.models',
    title: () => t('commands.work.models'),
    group: 'work',
    icon: 'model',
    keys: [],
    run: ({ store }) => store.setState({ dialog: 'models' }),
  },
];
