// Owns what is known of a gesture in progress.
import type { ImageBox } from '../../electron/common/geometry.ts';

export interface Gesture {
  readonly name: string;
  /** The mask at the mark. */
  readonly before: Uint8Array;
  /** Around all that was written since; null for nothing. */
  box: ImageBox | null;
  /** A proposal arrived meanwhile. */
  proposed: boolean;
}
