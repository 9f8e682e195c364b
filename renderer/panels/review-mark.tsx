// Owns how a review state looks: a colour, a shape and a word, never a colour alone.
import type { ReactElement } from 'react';
import {
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleOff,
  IconPencil,
  IconStarFilled,
} from '@tabler/icons-react';
import type { ReviewState } from '../../electron/common/study.ts';

/** What a frame shows: its review state, or that it teaches most, or nothing. */
export type FrameMark = Exclude<ReviewState, 'rejected'> | 'learn';

export const markLooks = {
  accepted: { word: 'accepted', color: 'var(--good)', Icon: IconCircleCheckFilled },
  absent: { word: 'not here', color: 'var(--absent)', Icon: IconCircleOff },
  edited: { word: 'corrected, not accepted yet', color: 'var(--accent)', Icon: IconPencil },
  proposed: { word: 'proposed', color: 'var(--proposed)', Icon: IconCircleDashed },
  learn: { word: 'most to learn from', color: 'var(--learn)', Icon: IconStarFilled },
} as const satisfies Record<FrameMark, { word: string; color: string; Icon: typeof IconPencil }>;

/** The mark of a frame for the selected label; null where nothing has been said yet. */
export function frameMark(reviewState: ReviewState | undefined, teachesMost: boolean): FrameMark | null {
  const judged = reviewState === 'accepted' || reviewState === 'absent' || reviewState === 'edited';
  if (judged) return reviewState;
  if (teachesMost) return 'learn';
  return reviewState === 'proposed' ? 'proposed' : null;
}

export function ReviewMark({ mark, size = 14 }: { readonly mark: FrameMark; readonly size?: number }): ReactElement {
  const { word, color, Icon } = markLooks[mark];
  return <Icon size={size} stroke={2.2} color={color} aria-label={word} role="img" />;
}
