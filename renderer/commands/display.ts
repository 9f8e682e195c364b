// Owns the commands on how the frame is shown: zoom, brightness and contrast, turning, and what is drawn over it to measure by.
import { windowPresets, wholeWindow } from '../editor/grey/grey-window.ts';
import { changeDisplay, fitFrame, middleOf, showOneToOne, stepWindow, turnView } from '../session/display.ts';
import type { Session } from '../session/session.ts';
import { zoomAt } from '../session/view.ts';
import type { Command, CommandIcon } from './command.ts';

/** About the pointer where it is over the frame, else about the middle. */
function zoom({ store }: Session, factor: number): void {
  store.setState((state) => ({
    view: zoomAt(state.view, state.pointer ?? middleOf(state, state.display.orientation), factor),
  }));
}

function toggle(name: 'crosshair' | 'ruler' | 'regions', title: string, icon: CommandIcon, key: string): Command {
  return {
    id: `display.${name}`,
    title,
    group: 'View',
    icon,
    keys: [key],
    run: (session) => changeDisplay(session, { [name]: !session.store.getState().display[name] }),
  };
}

function turn(how: Parameters<typeof turnView>[1], title: string, icon: CommandIcon, key: string): Command {
  return { id: `display.${how}`, title, group: 'View', icon, keys: [key], run: (session) => turnView(session, how) };
}

function step(id: string, title: string, key: string, brighter: number, contrast: number): Command {
  return {
    id: `display.${id}`,
    title,
    group: 'View',
    icon: 'window',
    keys: [key],
    run: (session) => stepWindow(session, brighter, contrast),
  };
}

export const displayCommands: readonly Command[] = [
  { id: 'view.fit', title: 'Fit the frame', group: 'View', icon: 'fit', keys: ['0'], run: fitFrame },
  {
    id: 'view.one-to-one',
    title: 'One pixel of the frame on one of the screen',
    group: 'View',
    icon: 'one-to-one',
    keys: ['Alt+0'],
    run: (session) => showOneToOne(session, window.devicePixelRatio),
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
  turn('rotate', 'Turn the view by 90°', 'rotate', '.'),
  turn('flip-across', 'Mirror the view left to right', 'flip-across', '/'),
  turn('flip-down', 'Mirror the view top to bottom', 'flip-down', '\\'),
  turn('upright', 'Turn the view back', 'upright', ','),
  step('brighter', 'Brighter', 'Alt+ArrowUp', 1, 0),
  step('darker', 'Darker', 'Alt+ArrowDown', -1, 0),
  step('more-contrast', 'More contrast', 'Alt+ArrowRight', 0, 1),
  step('less-contrast', 'Less contrast', 'Alt+ArrowLeft', 0, -1),
  {
    id: 'display.reset-window',
    title: 'Brightness and contrast as stored',
    group: 'View',
    icon: 'window-reset',
    keys: ['Shift+C'],
    run: (session) => changeDisplay(session, { window: wholeWindow }),
  },
  ...windowPresets.slice(1).map((preset): Command => ({
    id: `display.window-${preset.id}`,
    title: `Brightness and contrast: ${preset.title.toLowerCase()}`,
    group: 'View',
    icon: 'window',
    keys: [],
    run: (session) => changeDisplay(session, { window: preset.window }),
  })),
  toggle('crosshair', 'Crosshair', 'crosshair', 'I'),
  toggle('ruler', 'Depth ruler', 'ruler', 'Shift+D'),
  toggle('regions', 'Ultrasound regions', 'regions', 'U'),
];
