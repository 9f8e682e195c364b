// Owns the parts of a session and how they find each other. What is done with them lies in the neighbouring files, as functions of it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameSummary, LabelView } from '../../electron/common/api.ts';
import type { ConnectedApi } from '../api/connection.ts';
import { Editor } from '../editor/editor.ts';
import type { SaveQueueOptions } from '../editor/save-queue.ts';
import { Toolbox } from '../tools/index.ts';
import type { ToolHost } from '../tools/tool.ts';
import { initialState, type SessionState } from './state.ts';

/** What outlives the page, as the browser's localStorage does. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export interface Session {
  readonly api: ConnectedApi;
  readonly store: StoreApi<SessionState>;
  readonly editor: Editor;
  readonly tools: Toolbox;
  readonly memory: Memory;
  /** The study of every frame that was met, so that an undo finds its way back to it. */
  readonly studyOfFrame: Map<string, string>;
}

export type ToolActions = Pick<ToolHost, 'panBy' | 'proposeInBox'>;

/** `createActions` says what tools do outside the document; it gets the session that it belongs to. */
export function composeSession(
  api: ConnectedApi,
  memory: Memory,
  createActions: (session: Session) => ToolActions,
  saveOptions?: SaveQueueOptions,
): Session {
  const store = createStore<SessionState>(() => initialState);
  const editor = new Editor(api, saveOptions);
  // The host's functions run only when a tool is used, long after the session stands.
  let actions: ToolActions | null = null;
  const tools = new Toolbox({
    editor,
    brushRadius: () => store.getState().brushRadius,
    panBy: (dx, dy) => actions?.panBy(dx, dy),
    previewBox: (previewBox) => store.setState({ previewBox }),
    proposeInBox: (box) => actions?.proposeInBox(box),
  });
  const session: Session = { api, store, editor, tools, memory, studyOfFrame: new Map() };
  actions = createActions(session);
  return session;
}

export function selectedFrame(state: SessionState): FrameSummary | null {
  return state.frames.find((frame) => frame.id === state.frameId) ?? null;
}

export function selectedLabel(state: SessionState): LabelView | null {
  return state.labels.find((label) => label.id === state.labelId) ?? null;
}
