// Owns what a scribble is.
import type { ImagePoint } from '../../../electron/common/geometry.ts';

export interface Scribble {
  readonly points: readonly ImagePoint[];
  /** Image pixels. */
  readonly radius: number;
  /** 1: this belongs to the mask; 0: it does not. */
  readonly value: 0 | 1;
}
