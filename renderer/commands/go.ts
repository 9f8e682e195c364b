// Owns the commands that go somewhere else: frames, studies, labels.
import { offeredLabels } from '../session/label-looks.ts';
import { selectLabel } from '../session/labels.ts';
import { openNext, stepFrame, stepStudy } from '../session/navigation.ts';
import { stepInstance } from '../session/study-browser.ts';
import { t } from '../strings/index.ts';
import type { Command } from './command.ts';

const labelKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export const goCommands: readonly Command[] = [
  {
    id: 'go.next',
    title: () => t('commands.go.next'),
    group: 'go',
    icon: 'star',
    keys: ['N'],
    leaves: true,
    run: openNext,
  },
  {
    id: 'go.frame-before',
    title: () => t('commands.go.frameBefore'),
    group: 'go',
    icon: 'previous',
    keys: ['ArrowLeft'],
    repeats: true,
    leaves: true,
    run: (session) => stepFrame(session, -1),
  },
  {
    id: 'go.frame-after',
    title: () => t('commands.go.frameAfter'),
    group: 'go',
    icon: 'next',
    keys: ['ArrowRight'],
    repeats: true,
    leaves: true,
    run: (session) => stepFrame(session, 1),
  },
  {
    id: 'go.study-before',
    title: () => t('commands.go.studyBefore'),
    group: 'go',
    icon: 'up',
    keys: ['ArrowUp'],
    repeats: true,
    leaves: true,
    run: (session) => stepStudy(session, -1),
  },
  {
    id: 'go.study-after',
    title: () => t('commands.go.studyAfter'),
    group: 'go',
    icon: 'down',
    keys: ['ArrowDown'],
    repeats: true,
    leaves: true,
    run: (session) => stepStudy(session, 1),
  },
  {
    id: 'go.cine-before',
    title: () => t('commands.go.cineBefore'),
    group: 'go',
    icon: 'up',
    keys: ['PageUp'],
    repeats: true,
    leaves: true,
    run: (session) => stepInstance(session, -1),
  },
  {
    id: 'go.cine-after',
    title: () => t('commands.go.cineAfter'),
    group: 'go',
    icon: 'down',
    keys: ['PageDown'],
    repeats: true,
    leaves: true,
    run: (session) => stepInstance(session, 1),
  },
  {
    id: 'go.find-study',
    title: () => t('commands.go.findStudy'),
    group: 'go',
    icon: 'find',
    keys: ['Ctrl+F'],
    run: ({ store }) =>
      store.setState((state) => ({ leftPanelShown: true, searchFocusCount: state.searchFocusCount + 1 })),
  },
  ...labelKeys.map((key, index): Command => ({
    id: `go.label-${key}`,
    title: () => t('commands.go.label', { number: key }),
    group: 'go',
    icon: 'label',
    keys: [key],
    isEnabled: ({ store }) => index < offeredLabels(store.getState().labels).length,
    leaves: true,
    run: (session) => selectLabel(session, offeredLabels(session.store.getState().labels)[index].id),
  })),
];
