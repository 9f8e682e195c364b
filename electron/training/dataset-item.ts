// Owns one frame of a training set: grey levels, true mask, prompts, class.
import { createMask, type BinaryMask } from '../common/mask.ts';
import type { ObjectType, Position } from '../common/prompts.ts';
import type { GrayFrame } from './gray-frame.ts';

export interface DatasetItem {
  readonly set: string;
  readonly file: string;
  readonly frame: GrayFrame;
  /** Null where the set has classes only. */
  readonly mask: BinaryMask | null;
  readonly position: Position;
  readonly type: ObjectType;
  /** 0 or 1, for sets of tumors benign and malignant; null where there is no class, or a third one. */
  readonly classIndex: number | null;
  /** Whether the two are benign and malignant, and no other question. */
  readonly tellsMalignancy: boolean;
  /** Millimetres between the centres of neighbouring columns (x) and rows (y); null or left out where nobody knows. */
  readonly spacingMm?: { readonly x: number; readonly y: number } | null;
}

/** The mask of an item, empty where it has none. */
export function itemMask({ mask, frame }: DatasetItem): BinaryMask {
  return mask ?? createMask(frame.width, frame.height);
}
