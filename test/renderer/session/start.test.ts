import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import type { ReviewState } from '../../../electron/common/study.ts';
import { openFrame, openStudy } from '../../../renderer/session/navigation.ts';
import { wholeWindow } from '../../../renderer/editor/grey/grey-window.ts';
import { changeDisplay, changeWindow } from '../../../renderer/session/display.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('starting', () => {
  it('opens the first frame and asks for a proposal, which becomes the working mask', () => {
    expect(scripted.state).toMatchObject({ studyId: 'A', frameId: 'a1', labelId: 'lesion', startup: { kind: 'idle' } });
    expect(scripted.requested).toEqual(['a1 breast whole']);
    expect(scripted.session.editor.document?.mask.data).toEqual(disc(30, 20, 5).data);
    expect(scripted.state.frames[0].states).toEqual({ lesion: 'proposed' });
    expect(scripted.api.revisions).toHaveLength(0);
  });

  it('continues where the reader left off', async () => {
    await openFrame(scripted.session, 'B', 'b1', 'cyst');
    const again = createSession(scripted.api, scripted.memory);
    await startSession(again);
    expect(again.store.getState()).toMatchObject({ studyId: 'B', frameId: 'b1', labelId: 'cyst' });
  });

  it('says in words when the app cannot be reached', async () => {
    scripted.api.answers['study:list'] = () => {
      throw new AppError('storage', 'The workspace cannot be read.');
    };
    const other = createSession(scripted.api, scripted.memory);
    await startSession(other);
    expect(other.store.getState().startup).toEqual({ kind: 'failed', message: 'The workspace cannot be read.' });
  });
});

describe('what the page remembers', () => {
  it('are panels and colours, and nothing that it cannot read', () => {
    scripted.session.store.setState({ leftPanelShown: false, rightPanelWidth: 333, colorScheme: 'light' });
    const again = createSession(scripted.api, scripted.memory).store.getState();
    expect(again).toMatchObject({ leftPanelShown: false, rightPanelWidth: 333, colorScheme: 'light' });
    for (const text of ['{', '7', '{"leftPanelShown":"no"}', '{"studies":[]}']) {
      scripted.stored.set('sonosync.panels', text);
      scripted.stored.set('sonosync.hints', text);
      const fresh = createSession(scripted.api, scripted.memory).store.getState();
      expect(fresh).toMatchObject({ leftPanelShown: true, rightPanelWidth: 288, hintsDone: [], studies: [] });
    }
  });
});

describe('brightness, contrast and what lies over the frame', () => {
  it('are as they were left, for each modality of its own', async () => {
    const { session, state } = scripted;
    const [first, second] = state.studies;
    session.store.setState({
      studies: [
        { ...first, modalities: ['US'] },
        { ...second, modalities: ['IVUS'] },
      ],
    });
    changeWindow(session, { center: 90 });
    changeDisplay(session, { crosshair: true, ruler: false });
    await openStudy(session, 'B');
    expect(scripted.state.display.window).toEqual(wholeWindow);
    changeWindow(session, { width: 100 });
    await openStudy(session, 'A');
    expect(scripted.state.display.window).toEqual({ ...wholeWindow, center: 90 });
    await openStudy(session, 'B');
    expect(scripted.state.display.window).toEqual({ ...wholeWindow, width: 100 });

    const again = createSession(scripted.api, scripted.memory);
    expect(again.store.getState().display).toMatchObject({ crosshair: true, ruler: false, regions: false });
    again.store.setState({ studies: scripted.state.studies });
    await openStudy(again, 'A');
    expect(again.store.getState().display.window).toEqual({ ...wholeWindow, center: 90 });
    // As stored is remembered too, and what cannot be understood is as stored.
    changeWindow(again, wholeWindow);
    for (const text of [
      scripted.stored.get('sonosync.windows')!,
      '{',
      '{"US":{"center":1}}',
      '{"US":{"center":1e9}}',
    ]) {
      scripted.stored.set('sonosync.windows', text);
      const fresh = createSession(scripted.api, scripted.memory);
      fresh.store.setState({ studies: scripted.state.studies });
      await openStudy(fresh, 'A');
      expect(fresh.store.getState().display.window).toEqual(wholeWindow);
    }
  });
});

describe('what somebody else saves', () => {
  const writeElsewhere = (frameId: string): void => {
    const { id, createdAt } = scripted.api.writeElsewhere(frameId, 'lesion', disc(10, 10, 3));
    scripted.api.emit('annotation:saved', { frameId, labelId: 'lesion', revisionId: id, savedAt: createdAt });
  };
  const stripFromNowOn = (states: Record<string, ReviewState>): void => {
    const strip = { studyId: 'A', cine: null, frameDurationsMs: null };
    const frames = scripted.state.frames.map((frame) => ({ ...frame, states }));
    scripted.api.answers['strip:load'] = () => ({ ...strip, frames });
  };

  it('on the open frame is shown', async () => {
    writeElsewhere('a1');
    await expect.poll(() => scripted.session.editor.document?.state.reviewState).toBe('edited');
    expect(scripted.session.editor.document?.mask.data).toEqual(disc(10, 10, 3).data);
  });

  it('on the open frame waits while a stroke is drawn there, which then meets it', async () => {
    const { editor } = scripted.session;
    editor.beginGesture('brush');
    editor.paint({ x: 30, y: 40 }, { x: 36, y: 40 }, 3, 1);
    writeElsewhere('a1');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(editor.isInGesture).toBe(true);
    editor.completeGesture();
    await expect.poll(() => scripted.state.save.kind).toBe('conflict');
    expect(editor.document?.mask.data[40 * frameSize.width + 33]).toBe(1);
  });

  it('on a frame that was looked at before takes the place of what is held of it, with its mark in the strip', async () => {
    const { editor } = scripted.session;
    editor.replaceMask('outline', disc(40, 20, 6));
    await openFrame(scripted.session, 'A', 'a2');
    await scripted.whenProposed();
    stripFromNowOn({ lesion: 'accepted', cyst: 'absent' });
    writeElsewhere('a1');
    expect(editor.held('a1', 'lesion')).toBeNull();
    expect(editor.canUndo).toBe(false);
    await expect.poll(() => scripted.state.frames[0].states).toEqual({ lesion: 'accepted' });
    expect(scripted.state.frames[1].states).toEqual({ lesion: 'proposed' });
    await openFrame(scripted.session, 'A', 'a1');
    expect(editor.document?.mask.data).toEqual(disc(10, 10, 3).data);
  });

  it('leaves what waits to be saved here as it is', () => {
    const { editor } = scripted.session;
    editor.replaceMask('outline', disc(40, 20, 6));
    editor.close();
    writeElsewhere('a1');
    expect(editor.held('a1', 'lesion')?.state.reviewState).toBe('edited');
    expect(editor.canUndo).toBe(true);
  });
});
