// Owns the commands that play a cine and go through its frames.
import { cancelPropagation, canCarry, copyMask, interpolate, propagate } from '../session/carry-over.ts';
import { openFrame, stepFrame } from '../session/navigation.ts';
import { canPlay, changeSpeed, shownIndex, toggleOrder, togglePlay } from '../session/playback.ts';
import type { Session } from '../session/session.ts';
import { selectedLabel } from '../session/session.ts';
import type { Command } from './command.ts';

export const cineCommands: readonly Command[] = [
  {
    id: 'cine.play',
    title: 'Play or pause',
    group: 'Cine',
    icon: 'play',
    keys: ['Space'],
    isEnabled: canPlay,
    run: togglePlay,
  },
  {
    id: 'cine.slower',
    title: 'Play slower',
    group: 'Cine',
    icon: 'slower',
    keys: ['<'],
    isEnabled: canPlay,
    run: (session) => changeSpeed(session, -1),
  },
  {
    id: 'cine.faster',
    title: 'Play faster',
    group: 'Cine',
    icon: 'faster',
    keys: ['>'],
    isEnabled: canPlay,
    run: (session) => changeSpeed(session, 1),
  },
  {
    id: 'cine.order',
    title: 'Play round and round, or back and forth',
    group: 'Cine',
    icon: 'loop',
    keys: ['Shift+R'],
    isEnabled: canPlay,
    run: toggleOrder,
  },
  {
    id: 'cine.first',
    title: 'First frame',
    group: 'Cine',
    icon: 'first',
    keys: ['Home'],
    run: (session) => stepFrame(session, -Infinity),
  },
  {
    id: 'cine.last',
    title: 'Last frame',
    group: 'Cine',
    icon: 'last',
    keys: ['End'],
    run: (session) => stepFrame(session, Infinity),
  },
  {
    id: 'cine.key-frame-before',
    title: 'Annotated frame before',
    group: 'Cine',
    icon: 'previous',
    keys: ['Shift+ArrowLeft'],
    run: (session) => stepToKeyFrame(session, -1),
  },
  {
    id: 'cine.key-frame-after',
    title: 'Annotated frame after',
    group: 'Cine',
    icon: 'next',
    keys: ['Shift+ArrowRight'],
    run: (session) => stepToKeyFrame(session, 1),
  },
  {
    id: 'cine.copy-after',
    title: 'Copy the mask to the next frame',
    group: 'Cine',
    icon: 'copy',
    keys: ['Ctrl+ArrowRight'],
    isEnabled: canCarry,
    run: (session) => copyMask(session, 1),
  },
  {
    id: 'cine.copy-before',
    title: 'Copy the mask to the frame before',
    group: 'Cine',
    icon: 'copy',
    keys: ['Ctrl+ArrowLeft'],
    isEnabled: canCarry,
    run: (session) => copyMask(session, -1),
  },
  {
    id: 'cine.propagate-after',
    title: 'Follow through the frames after this one',
    group: 'Cine',
    icon: 'propagate',
    keys: ['Ctrl+Shift+ArrowRight'],
    isEnabled: canCarry,
    run: (session) => propagate(session, 1),
  },
  {
    id: 'cine.propagate-before',
    title: 'Follow through the frames before this one',
    group: 'Cine',
    icon: 'propagate',
    keys: ['Ctrl+Shift+ArrowLeft'],
    isEnabled: canCarry,
    run: (session) => propagate(session, -1),
  },
  {
    id: 'cine.cancel-propagation',
    title: 'Stop following',
    group: 'Cine',
    icon: 'cancel',
    keys: [],
    isEnabled: ({ store }) => store.getState().carryRun !== null,
    run: cancelPropagation,
  },
  {
    id: 'cine.interpolate',
    title: 'Interpolate between annotated frames',
    group: 'Cine',
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
  const where = step === 1 ? 'after' : 'before';
  session.store.setState({ notice: { tone: 'plain', text: `No frame ${where} this one is annotated.` } });
}
