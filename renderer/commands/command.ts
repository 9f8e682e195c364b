// Owns what a command is: one object that the keyboard, the palette and the tooltips all read.
import type { Session } from '../session/session.ts';

export type CommandGroup = 'decide' | 'edit' | 'tools' | 'go' | 'cine' | 'view' | 'labels' | 'work';

export type CommandIcon =
  | 'accept'
  | 'absent'
  | 'back'
  | 'hide'
  | 'undo'
  | 'redo'
  | 'select'
  | 'box'
  | 'brush'
  | 'eraser'
  | 'polygon'
  | 'vertices'
  | 'outline'
  | 'livewire'
  | 'wand'
  | 'scribble'
  | 'transform'
  | 'largest'
  | 'smooth'
  | 'grow'
  | 'shrink'
  | 'ellipse'
  | 'larger'
  | 'smaller'
  | 'fill'
  | 'fit'
  | 'one-to-one'
  | 'rotate'
  | 'flip-across'
  | 'flip-down'
  | 'upright'
  | 'window'
  | 'caliper'
  | 'ellipse-caliper'
  | 'angle'
  | 'remove'
  | 'window-reset'
  | 'crosshair'
  | 'ruler'
  | 'regions'
  | 'zoom-in'
  | 'zoom-out'
  | 'previous'
  | 'next'
  | 'up'
  | 'down'
  | 'star'
  | 'find'
  | 'play'
  | 'compare'
  | 'difference'
  | 'copy'
  | 'propagate'
  | 'interpolate'
  | 'propose'
  | 'faster'
  | 'slower'
  | 'loop'
  | 'first'
  | 'last'
  | 'patient'
  | 'label'
  | 'others'
  | 'lock'
  | 'outline-only'
  | 'edit'
  | 'panel-left'
  | 'panel-right'
  | 'theme'
  | 'language'
  | 'text-larger'
  | 'text-smaller'
  | 'palette'
  | 'keyboard'
  | 'synchronize'
  | 'cancel'
  | 'export'
  | 'import'
  | 'receive'
  | 'add'
  | 'model';

export interface Command {
  readonly id: string;
  /** In the language shown. */
  readonly title: () => string;
  readonly group: CommandGroup;
  readonly icon: CommandIcon;
  /** Unless the reader chose others. As in 'A', 'Ctrl+Z', '[', 'ArrowLeft', 'Space'. Ctrl is Command on a Mac. The first is the one that is shown. */
  readonly keys: readonly string[];
  /** Absent: always. */
  readonly isEnabled?: (session: Session) => boolean;
  /** Why it is not possible now, said to whoever asks for it by its key. Absent: nothing is said, the screen shows why. */
  readonly refusal?: () => string;
  /** A key that is held down does it again and again. Absent: once, for a frame that comes under a held key has been seen by nobody. */
  readonly repeats?: true;
  /** Another frame or label is shown after it. Not while something is half drawn, which would be lost with the frame, and no undo has it. */
  readonly leaves?: true;
  readonly run: (session: Session) => void | Promise<void>;
}
