// Owns the parts of a session and how they find each other. What is done with them lies in the neighbouring files, as functions of it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameSummary, LabelView } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import type { ConnectedApi } from '../api/connection.ts';
import { Editor } from '../editor/editor.ts';
import type { GreyPicture } from '../editor/grey/grey-picture.ts';
import type { RetryOptions } from '../editor/retry-queue.ts';
import { t } from '../strings/index.ts';
import { Toolbox } from '../tools/index.ts';
import type { MeasurementHost, ToolHost } from '../tools/tool.ts';
import { FrameGrey } from './frame-grey.ts';
import { refuseLocked, revealMask } from './label-looks.ts';
import { MeasurementSaves } from './measurement-saves.ts';
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
  readonly grey: FrameGrey;
  readonly measurementSaves: MeasurementSaves;
  readonly memory: Memory;
  /** The study of every frame that was met, so that an undo finds its way back to it. */
  readonly studyOfFrame: Map<string, string>;
}

export type ToolActions = Pick<ToolHost, 'selectTool' | 'panBy' | 'proposeInBox' | 'correctAround'> & {
  readonly saveMeasurement: MeasurementHost['save'];
};

/** `createActions` says what tools do outside the document; it gets the session that it belongs to. */
export function composeSession(
  api: ConnectedApi,
  memory: Memory,
  createActions: (session: Session) => ToolActions,
  options: RetryOptions = {},
): Session {
  const store = createStore<SessionState>(() => initialState);
  const refuses = (labelId: string): boolean => {
    if (refuseLocked(session, labelId)) return true;
    // Nobody paints on a mask that is not to be seen.
    revealMask(session, labelId);
    return false;
  };
  const editor = new Editor(api, { ...options, refuses });
  const grey = new FrameGrey(api);
  // The host's functions run only when a tool is used, long after the session stands.
  let actions: ToolActions | null = null;
  const tools = new Toolbox({
    editor,
    brushRadius: () => store.getState().brushRadius,
    vertexTolerance: () => store.getState().vertexTolerance,
    pixelAspectRatio: () => selectedFrame(store.getState())?.pixelAspectRatio ?? 1,
    scale: () => store.getState().view.scale,
    grey: () => greyOfFrame(store, grey),
    tolerance: {
      get: () => store.getState().wandTolerance,
      set: (wandTolerance) => store.setState({ wandTolerance }),
    },
    window: {
      get: () => store.getState().display.window,
      set: (window) => store.setState(({ display }) => ({ display: { ...display, window } })),
    },
    measurements: {
      frame: () => selectedFrame(store.getState()),
      list: () =>
        (store.getState().measurements?.list ?? []).map(({ trackingUID, kind, points }) => ({
          trackingUID,
          shape: { kind, points },
        })),
      draft: (shape, replaces) => store.setState({ measurementDraft: shape && { shape, replaces } }),
      save: (shape, trackingUID) => actions?.saveMeasurement(shape, trackingUID),
      select: (selectedMeasurement) => store.setState({ selectedMeasurement }),
    },
    selectTool: (tool) => actions?.selectTool(tool),
    panBy: (dx, dy) => actions?.panBy(dx, dy),
    previewBox: (previewBox) => store.setState({ previewBox }),
    preview: (toolPreview) => store.setState({ toolPreview }),
    proposeInBox: (box) => actions?.proposeInBox(box),
    correctAround: (scribble) => actions?.correctAround(scribble),
  });
  const measurementSaves = new MeasurementSaves(api, options);
  const session: Session = { api, store, editor, tools, grey, measurementSaves, memory, studyOfFrame: new Map() };
  actions = createActions(session);
  return session;
}

/** The brightness of the selected frame. Where it is not there yet, it is sent for and the reader is told. */
function greyOfFrame(store: StoreApi<SessionState>, grey: FrameGrey): GreyPicture | null {
  const { frameId } = store.getState();
  if (frameId === null) return null;
  const picture = grey.peek(frameId);
  if (picture) return picture;
  const tell = (tone: 'plain' | 'trouble', text: string): void => store.setState({ notice: { tone, text } });
  tell('plain', t('notices.pictureOnItsWay'));
  grey.load(frameId).catch((error: unknown) => {
    tell('trouble', t('notices.pictureUnreadable', { reason: messageOf(error) }));
  });
  return null;
}

export function selectedFrame(state: SessionState): FrameSummary | null {
  return state.frames.find((frame) => frame.id === state.frameId) ?? null;
}

export function selectedLabel(state: SessionState): LabelView | null {
  return state.labels.find((label) => label.id === state.labelId) ?? null;
}
