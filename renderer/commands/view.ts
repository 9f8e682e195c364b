// Owns the commands that change how things are shown.
import { canCompare, toggleComparison } from '../session/comparison.ts';
import { chooseLanguage } from '../session/language.ts';
import { toggleIdentities } from '../session/study-browser.ts';
import { changeTextScale } from '../session/view.ts';
import { languageNames, t } from '../strings/index.ts';
import type { Command } from './command.ts';

export const viewCommands: readonly Command[] = [
  {
    id: 'view.left-panel',
    title: () => t('commands.view.leftPanel'),
    group: 'view',
    icon: 'panel-left',
    keys: ['Ctrl+B'],
    run: ({ store }) => store.setState((state) => ({ leftPanelShown: !state.leftPanelShown })),
  },
  {
    id: 'view.right-panel',
    title: () => t('commands.view.rightPanel'),
    group: 'view',
    icon: 'panel-right',
    keys: ['Ctrl+Shift+B'],
    run: ({ store }) => store.setState((state) => ({ rightPanelShown: !state.rightPanelShown })),
  },
  {
    id: 'view.compare',
    title: () => t('commands.view.compare'),
    group: 'view',
    icon: 'compare',
    keys: ['Shift+B'],
    isEnabled: canCompare,
    refusal: () => t('notices.nothingToCompare'),
    run: toggleComparison,
  },
  {
    id: 'view.difference',
    title: () => t('commands.view.difference'),
    group: 'view',
    icon: 'difference',
    keys: ['Shift+N'],
    isEnabled: ({ store }) => store.getState().comparing,
    run: ({ store }) => store.setState((state) => ({ differenceShown: !state.differenceShown })),
  },
  {
    id: 'view.end-comparison',
    title: () => t('commands.view.endComparison'),
    group: 'view',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().comparing,
    run: toggleComparison,
  },
  {
    id: 'view.identities',
    title: () => t('commands.view.identities'),
    group: 'view',
    icon: 'patient',
    keys: ['Ctrl+I'],
    run: toggleIdentities,
  },
  {
    id: 'view.theme',
    title: () => t('commands.view.theme'),
    group: 'view',
    icon: 'theme',
    keys: ['Ctrl+Shift+L'],
    run: ({ store }) => store.setState((state) => ({ colorScheme: state.colorScheme === 'dark' ? 'light' : 'dark' })),
  },
  {
    id: 'view.text-larger',
    title: () => t('commands.view.textLarger'),
    group: 'view',
    icon: 'text-larger',
    keys: ['Ctrl+Alt+ArrowUp'],
    repeats: true,
    run: ({ store }) => store.setState((state) => ({ textScale: changeTextScale(state.textScale, 1) })),
  },
  {
    id: 'view.text-smaller',
    title: () => t('commands.view.textSmaller'),
    group: 'view',
    icon: 'text-smaller',
    keys: ['Ctrl+Alt+ArrowDown'],
    repeats: true,
    run: ({ store }) => store.setState((state) => ({ textScale: changeTextScale(state.textScale, -1) })),
  },
  // With one language there is nothing to choose.
  ...(languageNames.length > 1 ? languageNames : []).map(({ tag, name }): Command => ({
    id: `view.language-${tag}`,
    title: () => t('commands.view.language', { name }),
    group: 'view',
    icon: 'language',
    keys: [],
    isEnabled: ({ store }) => store.getState().language !== tag,
    run: (session) => chooseLanguage(session, tag),
  })),
  {
    id: 'view.palette',
    title: () => t('commands.view.palette'),
    group: 'view',
    icon: 'palette',
    keys: ['Ctrl+K'],
    run: ({ store }) => store.setState({ dialog: 'palette' }),
  },
  {
    id: 'view.shortcuts',
    title: () => t('commands.view.shortcuts'),
    group: 'view',
    icon: 'keyboard',
    keys: ['?'],
    run: ({ store }) => store.setState({ dialog: 'shortcuts' }),
  },
];
