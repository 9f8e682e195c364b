// Owns the commands on how the frame is shown: zoom, brightness and contrast, turning, and what is drawn over it to measure by.
import { windowPresets, wholeWindow } from '../editor/grey/grey-window.ts';
import { changeDisplay, fitFrame, middleOf, showOneToOne, stepWindow, turnView } from '../session/display.ts';
import type { Session } from '../session/session.ts';
import { zoomAt } from '../session/view.ts';
import { t } from '../strings/index.ts';
import type { Command } from './command.ts';

/** About the pointer where it is over the frame, else about the middle. */
function zoom({ store }: Session, factor: number): void {
  store.setState((state) => ({
    view: zoomAt(state.view, state.pointer ?? middleOf(state, state.display.orientation), factor),
  }));
}

function toggle(name: 'crosshair' | 'ruler' | 'regions', key: string): Command {
  return {
    id: `display.${name}`,
    title: () => t(`commands.display.${name}`),
    group: 'view',
    icon: name,
    keys: [key],
    run: (session) => changeDisplay(session, { [name]: !session.store.getState().display[name] }),
  };
}

function turn(how: Parameters<typeof turnView>[1], key: string): Command {
  return {
    id: `display.${how}`,
    title: () => t(`commands.display.${how}`),
    group: 'view',
    icon: how,
    keys: [key],
    run: (session) => turnView(session, how),
  };
}

function step(
  id: 'brighter' | 'darker' | 'more-contrast' | 'less-contrast',
  key: string,
  brighter: number,
  contrast: number,
): Command {
  return {
    id: `display.${id}`,
    title: () => t(`commands.display.${id}`),
    group: 'view',
    icon: 'window',
    keys: [key],
    repeats: true,
    run: (session) => stepWindow(session, brighter, contrast),
  };
}

export const displayCommands: readonly Command[] = [
  { id: 'view.fit', title: () => t('commands.view.fit'), group: 'view', icon: 'fit', keys: ['0'], run: fitFrame },
  {
    id: 'view.one-to-one',
    title: () => t('commands.view.oneToOne'),
    group: 'view',
    icon: 'one-to-one',
    keys: ['Alt+0'],
    run: (session) => showOneToOne(session, window.devicePixelRatio),
  },
  {
    id: 'view.zoom-in',
    title: () => t('commands.view.zoomIn'),
    group: 'view',
    icon: 'zoom-in',
    keys: ['+', '='],
    repeats: true,
    run: (session) => zoom(session, 1.25),
  },
  {
    id: 'view.zoom-out',
    title: () => t('commands.view.zoomOut'),
    group: 'view',
    icon: 'zoom-out',
    keys: ['-'],
    repeats: true,
    run: (session) => zoom(session, 0.8),
  },
  turn('rotate', '.'),
  turn('flip-across', '/'),
  turn('flip-down', '\\'),
  turn('upright', ','),
  step('brighter', 'Alt+ArrowUp', 1, 0),
  step('darker', 'Alt+ArrowDown', -1, 0),
  step('more-contrast', 'Alt+ArrowRight', 0, 1),
  step('less-contrast', 'Alt+ArrowLeft', 0, -1),
  {
    id: 'display.reset-window',
    title: () => t('commands.display.resetWindow'),
    group: 'view',
    icon: 'window-reset',
    keys: ['Shift+C'],
    run: (session) => changeDisplay(session, { window: wholeWindow }),
  },
  ...windowPresets.slice(1).map((preset): Command => ({
    id: `display.window-${preset.id}`,
    title: () => t(`commands.display.presets.${preset.id}`),
    group: 'view',
    icon: 'window',
    keys: [],
    run: (session) => changeDisplay(session, { window: preset.window }),
  })),
  toggle('crosshair', 'I'),
  toggle('ruler', 'Shift+D'),
  toggle('regions', 'U'),
];
