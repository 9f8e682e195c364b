// Owns which part of a frame a network sees when it is given the whole of it.
import type { ImageBox } from './geometry.ts';

/** letterbox: the whole frame, padded to a square. center-crop: the shorter side fills the square, the rest is not seen (the authors'). */
export const resizeModes = ['letterbox', 'center-crop'] as const;
export type ResizeMode = (typeof resizeModes)[number];

interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** The square of the network's input in pixels of the frame, corners at 0. A letterbox reaches beyond the frame. */
export function inputSquare(resize: ResizeMode, { width, height }: FrameSize): ImageBox {
  const side = resize === 'letterbox' ? Math.max(width, height) : Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, width: side, height: side };
}

/** What is seen of a frame of which something is not; null where all of it is. */
export function croppedView(resize: ResizeMode, frame: FrameSize): ImageBox | null {
  return resize === 'center-crop' && frame.width !== frame.height ? inputSquare(resize, frame) : null;
}
