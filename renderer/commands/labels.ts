// Owns the commands on the selected label: how its masks are shown, and whether they may be changed.
import { toggleLook } from '../session/label-looks.ts';
import type { Session } from '../session/session.ts';
import { t } from '../strings/index.ts';
import type { Command } from './command.ts';

const hasLabel = ({ store }: Session): boolean => store.getState().labelId !== null;

export const labelCommands: readonly Command[] = [
  {
    id: 'label.visible',
    title: () => t('commands.label.visible'),
    group: 'labels',
    icon: 'hide',
    keys: ['Shift+V'],
    isEnabled: hasLabel,
    run: (session) => toggleLook(session, 'visible'),
  },
  {
    id: 'label.others',
    title: () => t('commands.label.others'),
    group: 'labels',
    icon: 'others',
    keys: ['Shift+H'],
    run: ({ store }) => store.setState((state) => ({ othersHidden: !state.othersHidden })),
  },
  {
    id: 'label.locked',
    title: () => t('commands.label.locked'),
    group: 'labels',
    icon: 'lock',
    keys: ['Shift+K'],
    isEnabled: hasLabel,
    run: (session) => toggleLook(session, 'locked'),
  },
  {
    id: 'label.outline',
    title: () => t('commands.label.outline'),
    group: 'labels',
    icon: 'outline-only',
    keys: ['Shift+F'],
    isEnabled: hasLabel,
    run: (session) => toggleLook(session, 'outlineOnly'),
  },
  {
    id: 'label.edit',
    title: () => t('commands.label.edit'),
    group: 'labels',
    icon: 'edit',
    keys: [],
    isEnabled: hasLabel,
    run: ({ store }) => store.setState((state) => ({ dialog: 'edit-label', editedLabelId: state.labelId })),
  },
];
