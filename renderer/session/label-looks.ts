// Owns how the masks of each label are shown, and whether they may be changed: choices of the reader at this screen, remembered here.
import type { LabelView } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import type { Memory, Session } from './session.ts';
import type { SessionState } from './state.ts';

export interface LabelLook {
  readonly visible: boolean;
  /** No gesture changes its masks. */
  readonly locked: boolean;
  /** Of the fill, 0..1. */
  readonly opacity: number;
  readonly outlineOnly: boolean;
}

export const standardLook: LabelLook = { visible: true, locked: false, opacity: 0.25, outlineOnly: false };

export const looksKey = 'sonosync.label-looks';

export function lookOf({ labelLooks }: Pick<SessionState, 'labelLooks'>, labelId: string): LabelLook {
  return { ...standardLook, ...labelLooks[labelId] };
}

/** How much of the fill is seen, 0..1. */
export function shownOpacity({ outlineOnly, opacity }: LabelLook): number {
  return outlineOnly ? 0 : opacity;
}

/** Whether a label is locked against changes; the reader is told. */
export function refuseLocked({ store }: Pick<Session, 'store'>, labelId: string): boolean {
  const state = store.getState();
  if (!lookOf(state, labelId).locked) return false;
  const name = state.labels.find((label) => label.id === labelId)?.name ?? t('notices.thisLabel');
  store.setState({
    notice: { tone: 'plain', text: t('notices.locked', { name }) },
  });
  return true;
}

/** Shows the masks, and the label's among them, where they were hidden; returns whether they were. */
export function revealMask(session: Session, labelId: string): boolean {
  const state = session.store.getState();
  const { visible } = lookOf(state, labelId);
  if (!state.masksHidden && visible) return false;
  session.store.setState({ masksHidden: false });
  if (!visible) changeLook(session, labelId, { visible: true });
  return true;
}

export function changeLook({ store, memory }: Session, labelId: string, change: Partial<LabelLook>): void {
  const { labelLooks } = store.getState();
  const looks = { ...labelLooks, [labelId]: { ...labelLooks[labelId], ...change } };
  store.setState({ labelLooks: looks });
  memory.setItem(looksKey, JSON.stringify(looks));
}

/** Turns a look of the selected label the other way. */
export function toggleLook(session: Session, name: 'visible' | 'locked' | 'outlineOnly'): void {
  const { labelId } = session.store.getState();
  if (labelId === null) return;
  changeLook(session, labelId, { [name]: !lookOf(session.store.getState(), labelId)[name] });
}

export function rememberedLooks(memory: Memory): SessionState['labelLooks'] {
  try {
    const looks: unknown = JSON.parse(memory.getItem(looksKey) ?? '{}');
    return isLooks(looks) ? looks : {};
  } catch {
    return {};
  }
}

function isLooks(value: unknown): value is SessionState['labelLooks'] {
  const isLook = (look: unknown): boolean =>
    typeof look === 'object' &&
    look !== null &&
    Object.entries(look).every(([name, part]) => typeof part === typeof { ...standardLook }[name as keyof LabelLook]);
  return typeof value === 'object' && value !== null && Object.values(value).every(isLook);
}

/** The labels that are offered: those that were not put away, in the reader's order. Their places are the keys 1 to 9. */
export function offeredLabels(labels: readonly LabelView[]): LabelView[] {
  return labels.filter((label) => !label.hidden);
}
