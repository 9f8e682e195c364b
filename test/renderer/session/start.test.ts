import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { openFrame } from '../../../renderer/session/navigation.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { disc } from '../support/scripted-api.ts';
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

describe('what somebody else saves', () => {
  it('on the open frame is shown', async () => {
    const theirs = scripted.api.writeElsewhere('a1', 'lesion', disc(10, 10, 3));
    scripted.api.emit('annotation:saved', {
      frameId: 'a1',
      labelId: 'lesion',
      revisionId: theirs.id,
      savedAt: theirs.createdAt,
    });
    await expect.poll(() => scripted.session.editor.document?.state.reviewState).toBe('edited');
    expect(scripted.session.editor.document?.mask.data).toEqual(disc(10, 10, 3).data);
  });
});
