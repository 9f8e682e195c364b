// Owns the commands that change the mask, take changes back, and choose the tool.
import type { Spacing } from '../../electron/common/distance-transform.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { ellipseMask } from '../editor/masks/ellipse.ts';
import { growMask, shrinkMask, smoothMask } from '../editor/masks/morphology.ts';
import { keepLargestPart } from '../../electron/common/mask-parts.ts';
import { fillHoles } from '../editor/measure.ts';
import { toggleComparison } from '../session/comparison.ts';
import { redo, undo } from '../session/decisions.ts';
import { canRedoMeasurement, canUndoMeasurement, moveMeasurement, removeMeasurement } from '../session/measurements.ts';
import { selectedFrame } from '../session/session.ts';
import { changeToolSize, selectTool } from '../session/tool-choice.ts';
import type { ToolId } from '../tools/tool.ts';
import { t } from '../strings/index.ts';
import type { Command, CommandIcon } from './command.ts';

/** A command that makes a new mask of the present one: one gesture of the same name. */
function maskCommand(
  name: 'fill-holes' | 'largest-part' | 'smooth' | 'grow' | 'shrink' | 'ellipse',
  icon: CommandIcon,
  key: string,
  change: (mask: BinaryMask, spacing: Spacing) => BinaryMask,
): Command {
  return {
    id: `edit.${name}`,
    title: () => t(`commands.edit.${name}`),
    group: 'edit',
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
    title: () => t('commands.edit.undo'),
    group: 'edit',
    icon: 'undo',
    keys: ['Ctrl+Z'],
    isEnabled: (session) => session.editor.canUndo || canUndoMeasurement(session) || session.tools.canStepBack,
    repeats: true,
    run: async (session) => {
      // In the middle of a polygon it takes back its last corner.
      if (!session.tools.stepBack()) await undo(session);
    },
  },
  {
    id: 'edit.redo',
    title: () => t('commands.edit.redo'),
    group: 'edit',
    icon: 'redo',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    isEnabled: (session) => session.editor.canRedo || canRedoMeasurement(session),
    repeats: true,
    run: redo,
  },
  maskCommand('fill-holes', 'fill', 'F', fillHoles),
  maskCommand('largest-part', 'largest', 'K', keepLargestPart),
  maskCommand('smooth', 'smooth', 'Shift+S', (mask, spacing) => smoothMask(mask, 2, spacing)),
  maskCommand('grow', 'grow', 'Shift+ArrowUp', (mask, spacing) => growMask(mask, 1, spacing)),
  maskCommand('shrink', 'shrink', 'Shift+ArrowDown', (mask, spacing) => shrinkMask(mask, 1, spacing)),
  maskCommand('ellipse', 'ellipse', 'Shift+E', ellipseMask),
  {
    id: 'edit.finish',
    title: () => t('commands.edit.finish'),
    group: 'edit',
    icon: 'accept',
    keys: ['Enter'],
    isEnabled: ({ tools }) => !tools.isIdle,
    run: ({ tools }) => void tools.finish(),
  },
  {
    id: 'edit.step-back',
    title: () => t('commands.edit.stepBack'),
    group: 'edit',
    icon: 'back',
    keys: ['Backspace'],
    isEnabled: ({ tools }) => tools.canStepBack,
    repeats: true,
    run: ({ tools }) => void tools.stepBack(),
  },
  {
    id: 'edit.move-measurement',
    title: () => t('commands.edit.moveMeasurement'),
    group: 'edit',
    icon: 'label',
    keys: ['Shift+M'],
    isEnabled: ({ store }) => store.getState().selectedMeasurement !== null,
    run: (session) => {
      const { selectedMeasurement, labelId } = session.store.getState();
      if (selectedMeasurement !== null) moveMeasurement(session, selectedMeasurement, labelId);
    },
  },
  {
    id: 'edit.remove',
    title: () => t('commands.edit.remove'),
    group: 'edit',
    icon: 'remove',
    keys: ['Delete'],
    isEnabled: ({ store, tools }) => tools.selectedId === 'vertices' || store.getState().selectedMeasurement !== null,
    run: (session) => {
      if (session.tools.remove()) return;
      const { selectedMeasurement } = session.store.getState();
      if (selectedMeasurement !== null) removeMeasurement(session, selectedMeasurement);
    },
  },
  {
    id: 'edit.cancel',
    title: () => t('commands.edit.cancel'),
    group: 'edit',
    icon: 'cancel',
    keys: ['Escape'],
    run: (session) => {
      const { tools, store } = session;
      if (tools.cancel()) return;
      const { comparing, notice, selectedMeasurement } = store.getState();
      // What lies over the frame goes first, one thing a key.
      if (comparing && notice === null && selectedMeasurement === null) toggleComparison(session);
      else store.setState({ notice: null, selectedMeasurement: null });
    },
  },
];

function toolCommand(id: ToolId, icon: CommandIcon, key: string): Command {
  return {
    id: `tool.${id}`,
    title: () => t(`tools.${id}.title`),
    group: 'tools',
    icon,
    keys: [key],
    run: (session) => selectTool(session, id),
  };
}

export const toolCommands: readonly Command[] = [
  toolCommand('select', 'select', 'V'),
  toolCommand('window', 'window', 'C'),
  toolCommand('box', 'box', 'B'),
  toolCommand('brush', 'brush', 'P'),
  toolCommand('eraser', 'eraser', 'E'),
  toolCommand('polygon', 'polygon', 'G'),
  toolCommand('vertices', 'vertices', 'Q'),
  toolCommand('outline', 'outline', 'D'),
  toolCommand('livewire', 'livewire', 'L'),
  toolCommand('wand', 'wand', 'W'),
  toolCommand('scribble', 'scribble', 'S'),
  toolCommand('caliper', 'caliper', 'M'),
  toolCommand('ellipse', 'ellipse-caliper', 'O'),
  toolCommand('angle', 'angle', 'J'),
  toolCommand('transform', 'transform', 'T'),
  {
    id: 'tool.larger',
    title: () => t('commands.tool.larger'),
    group: 'tools',
    icon: 'larger',
    keys: [']'],
    repeats: true,
    run: (session) => changeToolSize(session, 1),
  },
  {
    id: 'tool.smaller',
    title: () => t('commands.tool.smaller'),
    group: 'tools',
    icon: 'smaller',
    keys: ['['],
    repeats: true,
    run: (session) => changeToolSize(session, -1),
  },
];
