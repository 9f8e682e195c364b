// Owns how a review state looks: a colour and a shape, and a word beside them (reviewStates in the catalogue), never a colour alone.
import type { ReactElement } from 'react';
import {
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleOff,
  IconPencil,
  IconStarFilled,
} from '@tabler/icons-react';
import type { ReviewState } from '../../electron/common/study.ts';
import { t } from '../strings/index.ts';

/** What a frame shows: its review state, or that it teaches most, or nothing. */
export type FrameMark = Exclude<ReviewState, 'rejected'> | 'learn';

export const markLooks = {
  accepted: { color: 'var(--good)', Icon: IconCircleCheckFilled },
  absent: { color: 'var(--absent)', Icon: IconCircleOff },
  edited: { color: 'var(--accent)', Icon: IconPencil },
  proposed: { color: 'var(--proposed)', Icon: IconCircleDashed },
  learn: { color: 'var(--learn)', Icon: IconStarFilled },
} as const satisfies Record<FrameMark, { color: string; Icon: typeof IconPencil }>;

/** The mark of a frame for the selected label; null where nothing has been said yet. */
export function frameMark(reviewState: ReviewState | undefined, teachesMost: boolean): FrameMark | null {
  const judged = reviewState === 'accepted' || reviewState === 'absent' || reviewState === 'edited';
  if (judged) return reviewState;
  if (teachesMost) return 'learn';
  return reviewState === 'proposed' ? 'proposed' : null;
}

export function ReviewMark({ mark, size = 14 }: { readonly mark: FrameMark; readonly size?: number }): ReactElement {
  const { color, Icon } = markLooks[mark];
  return <Icon size={size} stroke={2.2} color={color} aria-label={t(`reviewStates.${mark}`)} role="img" />;
}
