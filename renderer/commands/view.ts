// Owns the commands that change how things are shown.
import { canCompare, toggleComparison } from '../session/comparison.ts';
import { toggleIdentities } from '../session/study-browser.ts';
import { changeTextScale } from '../session/view.ts';
import type { Command } from './command.ts';

export const viewCommands: readonly Command[] = [
  {
    id: 'view.left-panel',
    title: 'Studies panel',
    group: 'View',
    icon: 'panel-left',
    keys: ['Ctrl+B'],
    run: ({ store }) => store.setState((state) => ({ leftPanelShown: !state.leftPanelShown })),
  },
  {
    id: 'view.right-panel',
    title: 'Labels panel',
    group: 'View',
    icon: 'panel-right',
    keys: ['Ctrl+Shift+B'],
    run: ({ store }) => store.setState((state) => ({ rightPanelShown: !state.rightPanelShown })),
  },
  {
    id: 'view.compare',
    title: 'Compare with the base model',
    group: 'View',
    icon: 'compare',
    keys: ['Shift+B'],
    isEnabled: canCompare,
    run: toggleComparison,
  },
  {
    id: 'view.identities',
    title: 'Show or hide patient names',
    group: 'View',
    icon: 'patient',
    keys: ['Ctrl+I'],
    run: toggleIdentities,
  },
  {
    id: 'view.theme',
    title: 'Light or dark',
    group: 'View',
    icon: 'theme',
    keys: ['Ctrl+Shift+L'],
    run: ({ store }) => store.setState((state) => ({ colorScheme: state.colorScheme === 'dark' ? 'light' : 'dark' })),
  },
  {
    id: 'view.text-larger',
    title: 'Larger text',
    group: 'View',
    icon: 'text-larger',
    keys: ['Ctrl+Alt+ArrowUp'],
    run: ({ store }) => store.setState((state) => ({ textScale: changeTextScale(state.textScale, 1) })),
  },
  {
    id: 'view.text-smaller',
    title: 'Smaller text',
    group: 'View',
    icon: 'text-smaller',
    keys: ['Ctrl+Alt+ArrowDown'],
    run: ({ store }) => store.setState((state) => ({ textScale: changeTextScale(state.textScale, -1) })),
  },
  {
    id: 'view.palette',
    title: 'All commands',
    group: 'View',
    icon: 'palette',
    keys: ['Ctrl+K'],
    run: ({ store }) => store.setState({ dialog: 'palette' }),
  },
  {
    id: 'view.shortcuts',
    title: 'Keys',
    group: 'View',
    icon: 'keyboard',
    keys: ['?'],
    run: ({ store }) => store.setState({ dialog: 'shortcuts' }),
  },
];
