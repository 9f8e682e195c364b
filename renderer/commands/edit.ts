// Owns the commands that change the mask, take changes back, and choose the tool.
import { fillHoles } from '../editor/measure.ts';
import { redo, undo } from '../session/decisions.ts';
import type { Session } from '../session/session.ts';
import { changeRadius } from '../session/view.ts';
import type { ToolId } from '../tools/tool.ts';
import type { Command, CommandIcon } from './command.ts';

export const editCommands: readonly Command[] = [
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    icon: 'undo',
    keys: ['Ctrl+Z'],
    isEnabled: ({ editor }) => editor.canUndo,
    run: undo,
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    icon: 'redo',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    isEnabled: ({ editor }) => editor.canRedo,
    run: redo,
  },
  {
    id: 'edit.fill-holes',
    title: 'Fill holes',
    group: 'Edit',
    icon: 'fill',
    keys: ['F'],
    isEnabled: ({ editor }) => editor.document !== null && !editor.isInGesture,
    run: ({ editor }) => {
      if (editor.document) editor.replaceMask('fill-holes', fillHoles(editor.document.mask));
    },
  },
  {
    id: 'edit.cancel',
    title: 'Cancel the stroke',
    group: 'Edit',
    icon: 'cancel',
    keys: ['Escape'],
    run: ({ tools, store }) => {
      if (!tools.cancel()) store.setState({ notice: null });
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
  toolCommand('box', 'Box a target', 'box', 'B'),
  toolCommand('brush', 'Paint', 'brush', 'P'),
  toolCommand('eraser', 'Erase', 'eraser', 'E'),
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
