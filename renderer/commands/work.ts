// Owns the commands of the work around the canvas: synchronization, export, labels.
import { cancelImport, clearImport } from '../session/imports.ts';
import { startSynchronization, cancelSynchronization } from '../session/synchronization.ts';
import { cancelProposeForAll, proposeForAll } from '../session/proposals-ahead.ts';
import type { Session } from '../session/session.ts';
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
    title: 'Synchronize this label',
    group: 'Work',
    icon: 'synchronize',
    keys: ['Ctrl+Enter'],
    isEnabled: canSynchronize,
    run: startSynchronization,
  },
  {
    id: 'work.cancel-synchronization',
    title: 'Cancel synchronization',
    group: 'Work',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().training !== null,
    run: cancelSynchronization,
  },
  {
    id: 'work.propose-strip',
    title: 'Propose for every frame of this cine',
    group: 'Work',
    icon: 'propose',
    keys: ['Ctrl+Shift+P'],
    isEnabled: canProposeForAll,
    run: (session) => proposeForAll(session, 'strip'),
  },
  {
    id: 'work.propose-study',
    title: 'Propose for every frame of this study',
    group: 'Work',
    icon: 'propose',
    keys: [],
    isEnabled: canProposeForAll,
    run: (session) => proposeForAll(session, 'study'),
  },
  {
    id: 'work.cancel-proposing',
    title: 'Cancel proposing for every frame',
    group: 'Work',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().proposeRun !== null,
    run: cancelProposeForAll,
  },
  {
    id: 'work.add-label',
    title: 'Add a label',
    group: 'Work',
    icon: 'add',
    keys: ['Shift+L'],
    run: ({ store }) => store.setState({ dialog: 'add-label' }),
  },
  {
    id: 'work.import',
    title: 'Import files',
    group: 'Work',
    icon: 'import',
    keys: ['Ctrl+O'],
    run: (session) => {
      clearImport(session);
      session.store.setState({ dialog: 'import' });
    },
  },
  {
    id: 'work.cancel-import',
    title: 'Cancel the import',
    group: 'Work',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().importRun !== null,
    run: cancelImport,
  },
  {
    id: 'work.receive',
    title: 'Receive from scanner',
    group: 'Work',
    icon: 'receive',
    keys: ['Ctrl+Shift+O'],
    run: ({ store }) => store.setState({ dialog: 'intake' }),
  },
  {
    id: 'work.import-annotations',
    title: 'Import annotations',
    group: 'Work',
    icon: 'import',
    keys: ['Ctrl+Shift+E'],
    run: ({ store }) => store.setState({ dialog: 'annotations' }),
  },
  {
    id: 'work.export',
    title: 'Export',
    group: 'Work',
    icon: 'export',
    keys: ['Ctrl+E'],
    run: ({ store }) => store.setState({ dialog: 'export', exportResult: null, exporting: { kind: 'idle' } }),
  },
  {
    id: 'work.models',
    title: 'Models',
    group: 'Work',
    icon: 'model',
    keys: [],
    run: ({ store }) => store.setState({ dialog: 'models' }),
  },
];
