// Owns carrying masks from frame to frame of a strip: a copy to the neighbour, following a structure through the frames, and the masks
// between two annotated frames. What comes of the last two waits to be looked at: 'proposed', by a person and the network together.
import type { CommandOutput } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import type { ImageBox } from '../../electron/common/geometry.ts';
import { type BinaryMask, countMaskPixels, decodeMask, maskBox, maskDice } from '../../electron/common/mask.ts';
import type { DocumentChange, LoadedAnnotation } from '../editor/document.ts';
import type { Editor } from '../editor/editor.ts';
import { type DocumentState, isCarriedOver, isPristine } from '../editor/history.ts';
import { interpolateMasks, requireSameSize } from '../editor/masks/interpolate.ts';
import { documentKey } from '../editor/save-queue.ts';
import { t } from '../strings/index.ts';
import { openFrame } from './navigation.ts';
import { promptsInEffect } from './proposals.ts';
import { refuseLocked } from './label-looks.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** A structure that is being followed through the frames. */
export interface CarryRun {
  readonly done: number;
  readonly total: number;
  readonly cancelling: boolean;
}

/** The structure counts as lost where the network is less sure of it than this. */
const smallestProbability = 0.6;

/** And where it overlaps the one in the frame before by less: Dice. Between two frames of a cine a structure moves little. */
const smallestOverlap = 0.5;

/** How much the box of the frame before is grown, so that a structure that moves or swells stays inside: a share of its size, and pixels. */
const growth = { share: 0.1, pixels: 4 };

/** proposalId: what the network said there; null where it was not asked. */
function carriedOver(proposalId: string | null): DocumentState {
  return { reviewState: 'proposed', segmentAlgorithmType: 'SEMIAUTOMATIC', proposalId };
}

type Frames = SessionState['frames'];

/** There is a mask to carry and a strip to carry it along. */
export function canCarry({ editor, store }: Session): boolean {
  const { frames, carryRun } = store.getState();
  return editor.document !== null && !editor.isInGesture && frames.length > 1 && carryRun === null;
}

/** The open mask becomes the next or previous frame's own, which is opened. Throws AppError('bad-input') where that frame has another size. */
export async function copyMask(session: Session, step: 1 | -1): Promise<void> {
  const { editor, store } = session;
  const source = openSource(session);
  const { studyId } = store.getState();
  if (!source || studyId === null) return;
  const target = source.frames[source.index + step];
  if (!target) {
    tell(session, step === 1 ? t('carryOver.lastFrame') : t('carryOver.firstFrame'));
    return;
  }
  if (refuseLocked(session, source.labelId)) return;
  requireSameSize(source.mask, target);
  const loaded = await loadAnnotation(session, target, source.labelId);
  const segmentAlgorithmType = source.state.segmentAlgorithmType === 'MANUAL' ? 'MANUAL' : 'SEMIAUTOMATIC';
  const state: DocumentState = { reviewState: 'edited', segmentAlgorithmType, proposalId: null };
  editor.applyToMany('copy', [{ loaded, mask: source.mask, state }]);
  await openFrame(session, studyId, target.id);
}

/**
 * Follows the open mask's structure through the frames after or before it: in each, the network is asked for what is in the grown box of
 * the frame before. Ends at a frame that somebody has annotated, where the structure is lost, or where it is cancelled. One undo takes
 * all of it back.
 */
export async function propagate(session: Session, step: 1 | -1): Promise<void> {
  const { store } = session;
  const source = openSource(session);
  const prompts = promptsInEffect(store.getState());
  if (!source || !prompts || store.getState().carryRun || refuseLocked(session, source.labelId)) return;
  if (countMaskPixels(source.mask) === 0) {
    tell(session, t('carryOver.nothingToFollow'));
    return;
  }
  const frames = step === 1 ? source.frames.slice(source.index + 1) : source.frames.slice(0, source.index).toReversed();
  store.setState({ carryRun: { done: 0, total: frames.length, cancelling: false }, notice: null });
  const changes: DocumentChange[] = [];
  let before = source.mask;
  let end: string | null = null;
  try {
    for (const frame of frames) {
      if (store.getState().carryRun?.cancelling) end = t('carryOver.cancelled');
      const loaded = end === null ? await loadAnnotation(session, frame, source.labelId) : null;
      if (!loaded) break;
      if (isAnnotated(session, loaded)) {
        end = t('carryOver.stoppedBefore', { number: placeOf(source.frames, frame.id) });
        break;
      }
      const box = growBox(maskBox(before)!, frame);
      const answer = await session.api.send('proposal:follow', {
        frameId: frame.id,
        labelId: source.labelId,
        prompts,
        box,
      });
      const mask = decodeMask(answer.mask, frame.width, frame.height);
      const reason = lossReason(mask, before, answer);
      if (reason !== null) {
        end = t('carryOver.stoppedIn', { number: placeOf(source.frames, frame.id), reason });
        break;
      }
      changes.push({ loaded, mask, state: carriedOver(answer.proposalId) });
      before = mask;
      store.setState(({ carryRun }) => ({ carryRun: carryRun && { ...carryRun, done: changes.length } }));
    }
  } catch (error) {
    end = t('carryOver.stopped', { reason: messageOf(error) });
  }
  await whenAtRest(session);
  store.setState({ carryRun: null });
  const count = commit(session, 'propagate', changes);
  tell(
    session,
    t('carryOver.done', { count, end: end ?? (step === 1 ? t('carryOver.reachedLast') : t('carryOver.reachedFirst')) }),
  );
}

export function cancelPropagation({ store }: Session): void {
  store.setState(({ carryRun }) => ({ carryRun: carryRun && { ...carryRun, cancelling: true } }));
}

/**
 * Fills the frames between the annotated frame at or before the open one and the next annotated one after it. Throws AppError('bad-input')
 * where one of them has another size.
 */
export async function interpolate(session: Session): Promise<void> {
  const source = openSource(session);
  if (!source || refuseLocked(session, source.labelId)) return;
  const { frames, index, labelId } = source;
  const isKey = (place: number): boolean => {
    const reviewState = frames[place].states[labelId];
    return reviewState === 'edited' || reviewState === 'accepted';
  };
  const from = frames.findLastIndex((_, place) => place <= index && isKey(place));
  const to = frames.findIndex((_, place) => place > index && isKey(place));
  if (from < 0 || to < 0) {
    tell(session, t('carryOver.needsKeyFrames'));
    return;
  }
  const all = await Promise.all(frames.slice(from, to + 1).map((frame) => loadAnnotation(session, frame, labelId)));
  const first = maskOf(session, all[0]);
  const last = maskOf(session, all[all.length - 1]);
  const changes: DocumentChange[] = [];
  for (const [place, loaded] of all.entries()) {
    if (place === 0 || place === all.length - 1 || isAnnotated(session, loaded)) continue;
    requireSameSize(first, loaded);
    changes.push({ loaded, mask: interpolateMasks(first, last, place / (all.length - 1)), state: carriedOver(null) });
    // Between two of them the screen is drawn.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await whenAtRest(session);
  const count = commit(session, 'interpolate', changes);
  tell(session, t('carryOver.interpolated', { count, from: from + 1, to: to + 1 }));
}

interface Source {
  readonly labelId: string;
  readonly mask: BinaryMask;
  readonly state: DocumentState;
  readonly frames: Frames;
  readonly index: number;
}

/** A copy of what is open, which may change while it is carried over. */
function openSource({ editor, store }: Session): Source | null {
  const document = editor.document;
  const { frames } = store.getState();
  const index = frames.findIndex((frame) => frame.id === document?.frameId);
  if (!document || index < 0 || editor.isInGesture) return null;
  const { width, height, data } = document.mask;
  return {
    labelId: document.labelId,
    mask: { width, height, data: data.slice() },
    state: document.state,
    frames,
    index,
  };
}

async function loadAnnotation({ api }: Session, frame: Frames[number], labelId: string): Promise<LoadedAnnotation> {
  const { id: frameId, width, height } = frame;
  return { frameId, labelId, width, height, ...(await api.send('annotation:load', { frameId, labelId })) };
}

/** What this page holds beside the open document. It is ahead of what was loaded, but where others have written since: as `Editor.open` has it. */
function heldOf({ editor }: Session, { frameId, labelId, revision }: LoadedAnnotation): ReturnType<Editor['held']> {
  const isForeign = revision !== null && !editor.saves.isKnown(revision.id);
  if (isForeign && !editor.saves.hasPending(documentKey(frameId, labelId))) return null;
  return editor.held(frameId, labelId);
}

function stateOf(session: Session, loaded: LoadedAnnotation): DocumentState | null {
  const { document } = session.editor;
  if (document?.frameId === loaded.frameId && document.labelId === loaded.labelId) return document.state;
  return heldOf(session, loaded)?.state ?? loaded.revision;
}

/** Somebody has corrected or decided on it; what was carried over before may be carried over again. */
function isAnnotated(session: Session, loaded: LoadedAnnotation): boolean {
  const state = stateOf(session, loaded);
  return state !== null && state.reviewState !== 'rejected' && !isPristine(state) && !isCarriedOver(state);
}

function maskOf(session: Session, loaded: LoadedAnnotation): BinaryMask {
  const { document } = session.editor;
  const { frameId, labelId, width, height, revision } = loaded;
  if (document?.frameId === frameId && document.labelId === labelId) return document.mask;
  const bytes = heldOf(session, loaded)?.mask ?? revision?.mask;
  return bytes ? decodeMask(bytes, width, height) : { width, height, data: new Uint8Array(width * height) };
}

/** Why the structure counts as lost, in words; null where it does not. */
function lossReason(
  mask: BinaryMask,
  before: BinaryMask,
  { meanProbability }: Pick<CommandOutput<'proposal:follow'>, 'meanProbability'>,
): string | null {
  if (countMaskPixels(mask) === 0) return t('carryOver.nothingFound');
  if (meanProbability < smallestProbability)
    return t('carryOver.unsure', { percent: Math.round(100 * meanProbability) });
  const overlap = maskDice(mask, before);
  return overlap < smallestOverlap ? t('carryOver.littleOverlap', { percent: Math.round(100 * overlap) }) : null;
}

function growBox(box: ImageBox, frame: { readonly width: number; readonly height: number }): ImageBox {
  const [dx, dy] = [box.width * growth.share + growth.pixels, box.height * growth.share + growth.pixels];
  const [x, y] = [Math.max(0, box.x - dx), Math.max(0, box.y - dy)];
  const [right, bottom] = [
    Math.min(frame.width, box.x + box.width + dx),
    Math.min(frame.height, box.y + box.height + dy),
  ];
  return { x, y, width: right - x, height: bottom - y };
}

/** Those that somebody annotated meanwhile stay as they are. */
function commit(session: Session, name: string, changes: readonly DocumentChange[]): number {
  return session.editor.applyToMany(
    name,
    changes.filter(({ loaded }) => !isAnnotated(session, loaded)),
  );
}

/** Resolves when no stroke is being drawn. */
async function whenAtRest({ editor }: Session): Promise<void> {
  if (!editor.isInGesture) return;
  await new Promise<void>((resolve) => {
    const end = editor.subscribe(() => {
      if (editor.isInGesture) return;
      end();
      resolve();
    });
  });
}

function placeOf(frames: Frames, frameId: string): number {
  return frames.findIndex(({ id }) => id === frameId) + 1;
}

function tell({ store }: Session, text: string): void {
  store.setState({ notice: { tone: 'plain', text } });
}
