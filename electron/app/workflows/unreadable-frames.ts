// Owns frames whose picture cannot be read: how they are told from other failures, so that one of them does not hold up all others.
import { AppError } from '../../common/errors.ts';
import type { ErrorCode } from '../../common/errors.ts';
import type { Frame } from '../../common/study.ts';
import type { AppContext } from '../context.ts';

/** A frame that was passed over, and what is wrong with its picture. */
export interface UnreadableFrame {
  readonly frame: Frame;
  readonly reason: string;
}

/** So many reasons are told in words. */
const toldReasons = 3;

/** What is said of frames that were passed over; null where there are none. */
export function describeUnreadable(unreadable: readonly UnreadableFrame[]): string | null {
  if (unreadable.length === 0) return null;
  // A file that is gone is the same reason for each of its frames.
  const reasons = [...new Set(unreadable.map(({ reason }) => reason))];
  const more = reasons.length > toldReasons ? ' …' : '';
  const frames = unreadable.length === 1 ? '1 frame' : `${unreadable.length} frames`;
  return `${frames} could not be read: ${reasons.slice(0, toldReasons).join(' ')}${more}`;
}

/** What a picture that cannot be had is; a disk that fails ('storage') is no matter of one frame. */
const pictureFaults: readonly ErrorCode[] = ['bad-input', 'corrupt', 'unsupported', 'not-found'];

/**
 * What is wrong with the picture of a frame that failed; null where that is not why. The engine and the adapter fail with the same codes, so
 * that the picture is asked for itself: only then, because the engine has most pictures already and needs none.
 */
export async function pictureFault({ store }: AppContext, frame: Frame, error: unknown): Promise<string | null> {
  if (!isPictureFault(error)) return null;
  try {
    await store.framePicture(frame.id);
    return null;
  } catch (fault) {
    return isPictureFault(fault) ? fault.message : null;
  }
}

function isPictureFault(error: unknown): error is AppError {
  return error instanceof AppError && pictureFaults.includes(error.code);
}
