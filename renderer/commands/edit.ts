// Owns the commands that change the mask, take changes back, and choose the tool.
import type { Spacing } from '../../electron/common/distance-transform.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { ellipseMask } from '../editor/masks/ellipse.ts';
import { growMask, shrinkMask, smoothMask } from '../editor/masks/morphology.ts';
import { keepLargestPart } from '../../electron/common/mask-parts.ts';
import { fillHoles } from '../editor/measure.ts';
import { redo, undo } from '../session/decisions.ts';
import { canRedoMeasurement, canUndoMeasurement, removeMeasurement } from '../session/measurements.ts';
import { selectedFrame, type Session } from '../session/session.ts';
import { changeRadius } from '../session/view.ts';
import type { ToolId } from '../tools/tool.ts';
import type { Command, CommandIcon } from './command.ts';

/** A command that makes a new mask of the present one: one gesture of the same name. */
function maskCommand(
  name: string,
  title: string,
  icon: CommandIcon,
  key: string,
  change: (mask: BinaryMask, spacing: Spacing) => BinaryMask,
): Command {
  return {
    id: `edit.${name}`,
    title,
    group: 'Edit',
    icon,
    keys: [key],
    isEnabled: ({ editor }) => editor.document !== null && !editor.isInGesture,
    run: ({ editor, store }) => {
      const y = selectedFrame(store.getState())?.pixelAspectRatio ?? 1;
      if (editor.document) editor.replaceMask(name, change(editor.document.mask, { x: 1, y }));
    },
  };
}

export const editCommands: readonly Command[] = [
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    icon: 'undo',
    keys: ['Ctrl+Z'],
    isEnabled: (session) => session.editor.canUndo || canUndoMeasurement(session) || !session.tools.isIdle,
    run: async (session) => {
      // In the middle of a polygon it takes back its last corner.
      if (!session.tools.stepBack()) await undo(session);
    },
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    icon: 'redo',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    isEnabled: (session) => session.editor.canRedo || canRedoMeasurement(session),
    run: redo,
  },
  maskCommand('fill-holes', 'Fill holes', 'fill', 'F', fillHoles),
  maskCommand('largest-part', 'Keep the largest part', 'largest', 'K', keepLargestPart),
  maskCommand('smooth', 'Smooth the outline', 'smooth', 'Shift+S', (mask, spacing) => smoothMask(mask, 2, spacing)),
  maskCommand('grow', 'Grow by a pixel', 'grow', 'Shift+ArrowUp', (mask, spacing) => growMask(mask, 1, spacing)),
  maskCommand('shrink', 'Shrink by a pixel', 'shrink', 'Shift+ArrowDown', (mask, spacing) =>
    shrinkMask(mask, 1, spacing),
  ),
  maskCommand('ellipse', 'Make it an ellipse', 'ellipse', 'Shift+E', ellipseMask),
  {
    id: 'edit.finish',
    title: 'Close the outline',
    group: 'Edit',
    icon: 'accept',
    keys: ['Enter'],
    isEnabled: ({ tools }) => !tools.isIdle,
    run: ({ tools }) => void tools.finish(),
  },
  {
    id: 'edit.step-back',
    title: 'Take back the last corner',
    group: 'Edit',
    icon: 'back',
    keys: ['Backspace'],
    isEnabled: ({ tools }) => !tools.isIdle,
    run: ({ tools }) => void tools.stepBack(),
  },
  {
    id: 'edit.remove-measurement',
    title: 'Remove the chosen measurement',
    group: 'Edit',
    icon: 'remove',
    keys: ['Delete'],
    isEnabled: ({ store }) => store.getState().selectedMeasurement !== null,
    run: (session) => {
      const { selectedMeasurement } = session.store.getState();
      if (selectedMeasurement !== null) removeMeasurement(session, selectedMeasurement);
    },
  },
  {
    id: 'edit.cancel',
    title: 'Cancel the stroke',
    group: 'Edit',
    icon: 'cancel',
    keys: ['Escape'],
    run: ({ tools, store }) => {
      if (!tools.cancel()) store.setState({ notice: null, selectedMeasurement: null });
    },
  },
];

function toolCommand(id: ToolId, title: string, icon: CommandIcon, key: string): Command {
  return { id: `tool.${id}`, title, group: 'Tools', icon, keys: [key], run: (session) => selectTool(session, id) };
}

function selectTool(session: Session, tool: ToolId): void {
  session.tools.select(tool);
  session.store.setState({ tool, previewBox: null });
}

export const toolCommands: readonly Command[] = [
  toolCommand('select', 'Look around', 'select', 'V'),
  toolCommand('window', 'Brightness and contrast (drag; or the right button)', 'window', 'C'),
  toolCommand('box', 'Box a target', 'box', 'B'),
  toolCommand('brush', 'Paint', 'brush', 'P'),
  toolCommand('eraser', 'Erase', 'eraser', 'E'),
  toolCommand('polygon', 'Polygon', 'polygon', 'G'),
  toolCommand('outline', 'Draw an outline', 'outline', 'D'),
  toolCommand('livewire', 'Smart edge', 'livewire', 'L'),
  toolCommand('wand', 'Magic wand', 'wand', 'W'),
  toolCommand('scribble', 'Scribble: this belongs to it (Alt: this does not)', 'scribble', 'S'),
  toolCommand('caliper', 'Measure a length', 'caliper', 'M'),
  toolCommand('ellipse', 'Measure an ellipse', 'ellipse-caliper', 'O'),
  toolCommand('angle', 'Measure an angle', 'angle', 'J'),
  toolCommand('transform', 'Move and scale', 'transform', 'T'),
  {
    id: 'tool.larger',
    title: 'Larger brush',
    group: 'Tools',
    icon: 'larger',
    keys: [']'],
    run: ({ store }) => store.setState((state) => ({ brushRadius: changeRadius(state.brushRadius, 1) })),
  },
  {
    id: 'tool.smaller',
    title: 'Smaller brush',
    group: 'Tools',
    icon: 'smaller',
    keys: ['['],
    run: ({ store }) => store.setState((state) => ({ brushRadius: changeRadius(state.brushRadius, -1) })),
  },
];
