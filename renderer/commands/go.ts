// Owns the commands that go somewhere else: frames, studies, labels.
import { offeredLabels } from '../session/label-looks.ts';
import { selectLabel } from '../session/labels.ts';
import { openNext, stepFrame, stepStudy } from '../session/navigation.ts';
import { stepInstance } from '../session/study-browser.ts';
import type { Command } from './command.ts';

const labelKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export const goCommands: readonly Command[] = [
  {
    id: 'go.next',
    title: 'Next to annotate',
    group: 'Go to',
    icon: 'star',
    keys: ['N'],
    run: openNext,
  },
  {
    id: 'go.frame-before',
    title: 'Frame before',
    group: 'Go to',
    icon: 'previous',
    keys: ['ArrowLeft'],
    run: (session) => stepFrame(session, -1),
  },
  {
    id: 'go.frame-after',
    title: 'Frame after',
    group: 'Go to',
    icon: 'next',
    keys: ['ArrowRight'],
    run: (session) => stepFrame(session, 1),
  },
  {
    id: 'go.study-before',
    title: 'Study before',
    group: 'Go to',
    icon: 'up',
    keys: ['ArrowUp'],
    run: (session) => stepStudy(session, -1),
  },
  {
    id: 'go.study-after',
    title: 'Study after',
    group: 'Go to',
    icon: 'down',
    keys: ['ArrowDown'],
    run: (session) => stepStudy(session, 1),
  },
  {
    id: 'go.cine-before',
    title: 'Cine before',
    group: 'Go to',
    icon: 'up',
    keys: ['PageUp'],
    run: (session) => stepInstance(session, -1),
  },
  {
    id: 'go.cine-after',
    title: 'Cine after',
    group: 'Go to',
    icon: 'down',
    keys: ['PageDown'],
    run: (session) => stepInstance(session, 1),
  },
  {
    id: 'go.find-study',
    title: 'Find a study',
    group: 'Go to',
    icon: 'find',
    keys: ['Ctrl+F'],
    run: ({ store }) =>
      store.setState((state) => ({ leftPanelShown: true, searchFocusCount: state.searchFocusCount + 1 })),
  },
  ...labelKeys.map((key, index): Command => ({
    id: `go.label-${key}`,
    title: `Label ${key}`,
    group: 'Go to',
    icon: 'label',
    keys: [key],
    isEnabled: ({ store }) => index < offeredLabels(store.getState().labels).length,
    run: (session) => selectLabel(session, offeredLabels(session.store.getState().labels)[index].id),
  })),
];
