// Owns the commands that change how things are shown.
import { selectedFrame, type Session } from '../session/session.ts';
import { toggleIdentities } from '../session/study-browser.ts';
import { changeTextScale, fitView, zoomAt } from '../session/view.ts';
import type { Command } from './command.ts';

function zoom(session: Session, factor: number): void {
  session.store.setState(({ view, canvasSize }) => ({
    view: zoomAt(view, { x: canvasSize.width / 2, y: canvasSize.height / 2 }, factor),
  }));
}

export const viewCommands: readonly Command[] = [
  {
    id: 'view.fit',
    title: 'Fit the frame',
    group: 'View',
    icon: 'fit',
    keys: ['0'],
    run: ({ store }) =>
      store.setState((state) => {
        const frame = selectedFrame(state);
        return frame ? { view: fitView(frame, state.canvasSize) } : {};
      }),
  },
  {
    id: 'view.zoom-in',
    title: 'Zoom in',
    group: 'View',
    icon: 'zoom-in',
    keys: ['+', '='],
    run: (session) => zoom(session, 1.25),
  },
  {
    id: 'view.zoom-out',
    title: 'Zoom out',
    group: 'View',
    icon: 'zoom-out',
    keys: ['-'],
    run: (session) => zoom(session, 0.8),
  },
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
