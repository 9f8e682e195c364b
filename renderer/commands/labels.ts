// Owns the commands on the selected label: how its masks are shown, and whether they may be changed.
import { toggleLook } from '../session/label-looks.ts';
import type { Session } from '../session/session.ts';
import type { Command } from './command.ts';

const hasLabel = ({ store }: Session): boolean => store.getState().labelId !== null;

export const labelCommands: readonly Command[] = [
  {
    id: 'label.visible',
    title: 'Show or hide this label',
    group: 'Labels',
    icon: 'hide',
    keys: ['Shift+V'],
    isEnabled: hasLabel,
    run: (session) => toggleLook(session, 'visible'),
  },
  {
    id: 'label.others',
    title: 'Show or hide the other labels',
    group: 'Labels',
    icon: 'others',
    keys: ['Shift+H'],
    run: ({ store }) => store.setState((state) => ({ othersHidden: !state.othersHidden })),
  },
  {
    id: 'label.locked',
    title: 'Lock or unlock this label',
    group: 'Labels',
    icon: 'lock',
    keys: ['Shift+K'],
    isEnabled: hasLabel,
    run: (session) => toggleLook(session, 'locked'),
  },
  {
    id: 'label.outline',
    title: 'Outline or fill',
    group: 'Labels',
    icon: 'outline-only',
    keys: ['Shift+F'],
    isEnabled: hasLabel,
    run: (session) => toggleLook(session, 'outlineOnly'),
  },
  {
    id: 'label.edit',
    title: 'Name, colour and code of this label',
    group: 'Labels',
    icon: 'edit',
    keys: [],
    isEnabled: hasLabel,
    run: ({ store }) => store.setState((state) => ({ dialog: 'edit-label', editedLabelId: state.labelId })),
  },
];
