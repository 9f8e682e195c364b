// Owns the beginning of a session: what is loaded first, and what the page does when the app states a fact.
import type { EventValue, HistoryStep } from '../../electron/common/api.ts';
import type { ConnectedApi } from '../api/connection.ts';
import type { RetryOptions } from '../editor/retry-queue.ts';
import { t } from '../strings/index.ts';
import { recordAnnotationImport, refreshConflicts } from './annotation-imports.ts';
import { followComparison } from './comparison.ts';
import { debounce } from './debounce.ts';
import { finishHint } from './decisions.ts';
import { recordExport } from './exchange.ts';
import { followForeignSaves } from './foreign-saves.ts';
import { followFrameMasks } from './frame-masks.ts';
import { followFrameScale } from './frame-scale.ts';
import { offeredLabels } from './label-looks.ts';
import { recordImport } from './imports.ts';
import { refreshIntake } from './intake.ts';
import { followLabels, refreshLabels } from './labels.ts';
import { restoreLanguage } from './language.ts';
import { followMeasurements, saveShape } from './measurements.ts';
import { followModel } from './models.ts';
import { adoptStrip, openFrame, openStudy, placeKey, refreshQueue } from './navigation.ts';
import { followPreferences, readJson } from './preferences.ts';
import { endProposing, followReader, recordProposing } from './proposals-ahead.ts';
import { proposeInBox } from './proposals.ts';
import { correctAround } from './scribbles.ts';
import { followSaves, retrySaves } from './saves.ts';
import { composeSession, type Memory, type Session } from './session.ts';
import { describeFailure } from './state.ts';
import { followPassingFrames } from './strip-masks.ts';
import { refreshStudies } from './study-browser.ts';
import { recordProgress, refreshTraining } from './synchronization.ts';
import { selectTool } from './tool-choice.ts';
import { panBy } from './view.ts';

/** A session that follows its editor and its host; `start` loads what it shows. */
export function createSession(api: ConnectedApi, memory: Memory, options?: RetryOptions): Session {
  const session = composeSession(
    api,
    memory,
    (own) => ({
      selectTool: (tool) => selectTool(own, tool),
      panBy: (dx, dy) => own.store.setState((state) => ({ view: panBy(state.view, dx, dy) })),
      proposeInBox: (box) => proposeInBox(own, box),
      correctAround: (scribble) => correctAround(own, scribble),
      saveMeasurement: (shape, trackingUID) => saveShape(own, shape, trackingUID),
    }),
    options,
  );
  followPreferences(session);
  followSaves(session);
  followEditor(session);
  followTool(session);
  followFrameMasks(session);
  followFrameScale(session);
  followMeasurements(session);
  followHost(session);
  followForeignSaves(session);
  followReader(session);
  followPassingFrames(session);
  followComparison(session);
  return session;
}

/** Loads the workspace and opens where the reader left off, else the first study. */
export async function startSession(session: Session): Promise<void> {
  const { api, store, memory } = session;
  store.setState({ startup: { kind: 'busy' } });
  await restoreLanguage(session);
  try {
    const [status, studies, labels, steps] = await Promise.all([
      api.send('app:status', {}),
      api.send('study:list', {}),
      api.send('label:list', {}),
      // Without it nothing is lost but the way back through earlier sessions.
      api.send('annotation:history', {}).catch((): HistoryStep[] => []),
    ]);
    restoreHistory(session, steps);
    const place = readJson<Place>(memory, placeKey, isPlace);
    const offered = offeredLabels(labels);
    const labelId = offered.find((label) => label.id === place?.labelId)?.id ?? offered[0]?.id ?? null;
    store.setState({ status, studies, labels, labelId, startup: { kind: 'idle' } });
    const known = place && studies.some((study) => study.id === place.studyId);
    if (known) await openFrame(session, place.studyId, place.frameId);
    if (store.getState().opening.kind === 'failed' || !known) {
      const first = studies[0];
      if (first) await openStudy(session, first.id);
    }
    // Without it the foot says nothing of scanners; everything else works.
    refreshIntake(session).catch(() => {});
    // Conflicts that wait are a mark in the head, no more.
    refreshConflicts(session).catch(() => {});
    await Promise.all([refreshQueue(session), refreshTraining(session)]);
  } catch (error) {
    store.setState({ startup: describeFailure(error) });
  }
}

/** Tools that look at the image find its brightness ready. */
function followTool({ store, grey }: Session): void {
  store.subscribe((state, before) => {
    if (state.tool === before.tool && state.frameId === before.frameId) return;
    const looks = state.tool === 'wand' || state.tool === 'livewire';
    // Where it cannot be had, the tool says so when it is used.
    if (looks && state.frameId !== null) grey.load(state.frameId).catch(() => {});
  });
}

/** What this reader did before can be undone in this session too. */
function restoreHistory({ editor, studyOfFrame }: Session, steps: readonly HistoryStep[]): void {
  if (editor.canUndo || editor.canRedo) return;
  editor.restore(steps);
  for (const { studyId, revision } of steps) studyOfFrame.set(revision.frameId, studyId);
}

/** The strip and the figures follow the document. */
function followEditor(session: Session): void {
  const { editor, store } = session;
  editor.subscribe((change) => {
    if (change.kind !== 'document') return;
    const document = editor.document;
    store.setState((state) => ({ documentVersion: state.documentVersion + 1 }));
    if (!document || editor.isInGesture) return;
    const { reviewState } = document.state;
    if (reviewState === 'edited') finishHint(session, 'paint');
    store.setState((state) => {
      const frame = state.frames.find((candidate) => candidate.id === document.frameId);
      if (!frame || (frame.states[document.labelId] ?? null) === reviewState) return {};
      const { [document.labelId]: _before, ...others } = frame.states;
      const states = reviewState === null ? others : { ...others, [document.labelId]: reviewState };
      return { frames: state.frames.map((other) => (other === frame ? { ...frame, states } : other)) };
    });
  });
}

function followHost(session: Session): void {
  const { api, store } = session;
  const ignoreFailure = (work: Promise<unknown>): void => {
    // A refresh that fails leaves what is shown; the connection's state says why.
    work.catch(() => {});
  };
  const proposedFor = new Set<string>();
  const refreshProposed = debounce(() => {
    ignoreFailure(refreshStudies(session, new Set(proposedFor)));
    proposedFor.clear();
  }, 400);
  const stale = new Set<string>();
  let allStale = false;
  const refresh = debounce(() => {
    ignoreFailure(refreshStudies(session, allStale ? 'all' : new Set(stale)));
    stale.clear();
    allStale = false;
    ignoreFailure(refreshQueue(session));
    ignoreFailure(refreshTraining(session));
  }, 200);
  /** Asks again, in a moment, for the figures of the frame's study; of all studies where the frame is not known here, or not said. */
  const refreshSoon = (frameId?: string): void => {
    const studyId = frameId === undefined ? undefined : session.studyOfFrame.get(frameId);
    if (studyId === undefined) allStale = true;
    else stale.add(studyId);
    refresh();
  };

  api.on('engine:changed', (engine) => {
    store.setState((state) => (state.status ? { status: { ...state.status, engine } } : {}));
  });
  api.on('model:changed', () => ignoreFailure(followModel(session)));
  api.on('intake:changed', (intake) => store.setState({ intake }));
  api.on('import:progressed', (progress) => recordImport(session, progress));
  api.on('export:progressed', (progress) => recordExport(session, progress));
  api.on('annotation:progressed', (progress) => recordAnnotationImport(session, progress));
  api.on('conflict:changed', () => ignoreFailure(refreshConflicts(session)));
  api.on('study:imported', ({ studyIds }) => {
    refreshSoon();
    const { studyId, frameId } = store.getState();
    if (studyId === null || frameId === null || !studyIds.includes(studyId)) return;
    const load = async (): Promise<void> => {
      const strip = await api.send('strip:load', { frameId });
      if (strip.frames.some((frame) => frame.id === store.getState().frameId)) adoptStrip(session, strip);
    };
    ignoreFailure(load());
  });
  api.on('annotation:saved', ({ frameId }) => refreshSoon(frameId));
  api.on('label:changed', () => ignoreFailure(followLabels(session)));
  api.on('proposal:created', ({ frameId, labelId }) => {
    // Of a study that was never opened here, the browser learns when it is.
    const studyId = session.studyOfFrame.get(frameId);
    if (studyId !== undefined) {
      proposedFor.add(studyId);
      refreshProposed();
    }
    store.setState((state) => ({
      frames: state.frames.map((frame) =>
        frame.id === frameId && !frame.states[labelId]
          ? { ...frame, states: { ...frame.states, [labelId]: 'proposed' as const } }
          : frame,
      ),
    }));
  });
  api.on('proposal:progressed', (progress) => recordProposing(session, progress));
  api.on('proposal:finished', (end) => {
    endProposing(session, end);
    refreshSoon();
  });
  api.on('training:progressed', (progress) => recordProgress(session, progress));
  api.on('training:finished', (result) => {
    store.setState({ training: null, trainingResult: result });
    ignoreFailure(refreshLabels(session));
    refreshSoon();
  });
  api.on('training:failed', (failure) => recordFailure(session, failure));
  api.onConnection((connected) => {
    const returned = connected && !store.getState().connected;
    store.setState({ connected });
    if (!returned) return;
    // Events may have been missed.
    retrySaves(session);
    store.setState({ training: null, proposeRun: null });
    ignoreFailure(api.send('app:status', {}).then((status) => store.setState({ status })));
    ignoreFailure(refreshLabels(session));
    ignoreFailure(refreshConflicts(session));
    refreshSoon();
  });
}

function recordFailure(session: Session, failure: EventValue<'training:failed'>): void {
  const { labelId, cancelled, message } = failure;
  session.store.setState({
    training: null,
    trainingTrouble: cancelled ? null : { labelId, message },
    notice: cancelled ? { tone: 'plain', text: t('synchronization.cancelled') } : null,
  });
}

interface Place {
  readonly studyId: string;
  readonly frameId: string;
  readonly labelId: string | null;
}

function isPlace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'studyId' in value && 'frameId' in value;
}
