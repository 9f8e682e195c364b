// Owns the commands that play a cine and go through its frames.
import { cancelPropagation, canCarry, copyMask, interpolate, propagate } from '../session/carry-over.ts';
import { openFrame, stepFrame } from '../session/navigation.ts';
import { canPlay, changeSpeed, shownIndex, toggleOrder, togglePlay } from '../session/playback.ts';
import type { Session } from '../session/session.ts';
import { selectedLabel } from '../session/session.ts';
import { t } from '../strings/index.ts';
import type { Command } from './command.ts';

export const cineCommands: readonly Command[] = [
  {
    id: 'cine.play',
    title: () => t('commands.cine.play'),
    group: 'cine',
    icon: 'play',
    keys: ['Space'],
    isEnabled: canPlay,
    leaves: true,
    run: togglePlay,
  },
  {
    id: 'cine.slower',
    title: () => t('commands.cine.slower'),
    group: 'cine',
    icon: 'slower',
    keys: ['<'],
    isEnabled: canPlay,
    repeats: true,
    run: (session) => changeSpeed(session, -1),
  },
  {
    id: 'cine.faster',
    title: () => t('commands.cine.faster'),
    group: 'cine',
    icon: 'faster',
    keys: ['>'],
    isEnabled: canPlay,
    repeats: true,
    run: (session) => changeSpeed(session, 1),
  },
  {
    id: 'cine.order',
    title: () => t('commands.cine.order'),
    group: 'cine',
    icon: 'loop',
    keys: ['Shift+R'],
    isEnabled: canPlay,
    run: toggleOrder,
  },
  {
    id: 'cine.first',
    title: () => t('commands.cine.first'),
    group: 'cine',
    icon: 'first',
    keys: ['Home'],
    leaves: true,
    run: (session) => stepFrame(session, -Infinity),
  },
  {
    id: 'cine.last',
    title: () => t('commands.cine.last'),
    group: 'cine',
    icon: 'last',
    keys: ['End'],
    leaves: true,
    run: (session) => stepFrame(session, Infinity),
  },
  {
    id: 'cine.key-frame-before',
    title: () => t('commands.cine.keyFrameBefore'),
    group: 'cine',
    icon: 'previous',
    keys: ['Shift+ArrowLeft'],
    repeats: true,
    leaves: true,
    run: (session) => stepToKeyFrame(session, -1),
  },
  {
    id: 'cine.key-frame-after',
    title: () => t('commands.cine.keyFrameAfter'),
    group: 'cine',
    icon: 'next',
    keys: ['Shift+ArrowRight'],
    repeats: true,
    leaves: true,
    run: (session) => stepToKeyFrame(session, 1),
  },
  {
    id: 'cine.copy-after',
    title: () => t('commands.cine.copyAfter'),
    group: 'cine',
    icon: 'copy',
    keys: ['Ctrl+ArrowRight'],
    isEnabled: canCarry,
    leaves: true,
    run: (session) => copyMask(session, 1),
  },
  {
    id: 'cine.copy-before',
    title: () => t('commands.cine.copyBefore'),
    group: 'cine',
    icon: 'copy',
    keys: ['Ctrl+ArrowLeft'],
    isEnabled: canCarry,
    leaves: true,
    run: (session) => copyMask(session, -1),
  },
  {
    id: 'cine.propagate-after',
    title: () => t('commands.cine.propagateAfter'),
    group: 'cine',
    icon: 'propagate',
    keys: ['Ctrl+Shift+ArrowRight'],
    isEnabled: canCarry,
    run: (session) => propagate(session, 1),
  },
  {
    id: 'cine.propagate-before',
    title: () => t('commands.cine.propagateBefore'),
    group: 'cine',
    icon: 'propagate',
    keys: ['Ctrl+Shift+ArrowLeft'],
    isEnabled: canCarry,
    run: (session) => propagate(session, -1),
  },
  {
    id: 'cine.cancel-propagation',
    title: () => t('commands.cine.cancelPropagation'),
    group: 'cine',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().carryRun !== null,
    run: cancelPropagation,
  },
  {
    id: 'cine.interpolate',
    title: () => t('commands.cine.interpolate'),
    group: 'cine',
    icon: 'interpolate',
    keys: ['Shift+I'],
    isEnabled: canCarry,
    run: interpolate,
  },
];

/** The nearest frame before or after that somebody has corrected or decided on, for the selected label. */
async function stepToKeyFrame(session: Session, step: 1 | -1): Promise<void> {
  const state = session.store.getState();
  const { frames, studyId } = state;
  const labelId = selectedLabel(state)?.id;
  if (labelId === undefined || studyId === null) return;
  for (let index = shownIndex(state) + step; frames[index]; index += step) {
    const reviewState = frames[index].states[labelId];
    if (reviewState !== 'edited' && reviewState !== 'accepted' && reviewState !== 'absent') continue;
    await openFrame(session, studyId, frames[index].id);
    return;
  }
  const text = step === 1 ? t('commands.cine.noKeyFrameAfter') : t('commands.cine.noKeyFrameBefore');
  session.store.setState({ notice: { tone: 'plain', text } });
}
