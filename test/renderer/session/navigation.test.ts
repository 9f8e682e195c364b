import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { selectLabel } from '../../../renderer/session/labels.ts';
import { openFrame, stepFrame, stepStudy } from '../../../renderer/session/navigation.ts';
import { noFilter } from '../../../renderer/session/study-tree.ts';
import { disc } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('going through frames', () => {
  it('steps inside the study and stops at its ends; studies too', async () => {
    await stepFrame(scripted.session, 1);
    expect(scripted.state.frameId).toBe('a2');
    await stepFrame(scripted.session, 5);
    expect(scripted.state.frameId).toBe('a3');
    await stepFrame(scripted.session, 1);
    expect(scripted.state.frameId).toBe('a3');
    await stepStudy(scripted.session, 1);
    expect(scripted.state).toMatchObject({ studyId: 'B', frameId: 'b1' });
    await stepStudy(scripted.session, -1);
    expect(scripted.state).toMatchObject({ studyId: 'A', frameId: 'a3' });
  });

  it('steps among the studies that the browser shows, in its order', async () => {
    const { session } = scripted;
    const [first, second] = scripted.state.studies;
    const between = { ...second, id: 'C', title: 'Third', patientKey: 'p' };
    // The patient's other study stands before it in the tree.
    session.store.setState({ studies: [{ ...first, patientKey: 'q' }, between, { ...second, patientKey: 'q' }] });
    await stepStudy(session, 1);
    expect(scripted.state.studyId).toBe('B');
    session.store.setState({ studyFilter: { ...noFilter, text: 'third' } });
    await stepStudy(session, -1);
    expect(scripted.state.studyId).toBe('C');
    await stepStudy(session, -1);
    expect(scripted.state.studyId).toBe('C');
  });

  it('drops the answer for a frame that was left, and asks for the newest only', async () => {
    scripted.answerAtOnce = false;
    await stepFrame(scripted.session, 1);
    await stepFrame(scripted.session, 1);
    await selectLabel(scripted.session, 'cyst');
    await expect.poll(() => scripted.requests.length).toBe(2);
    scripted.answerAtOnce = true;
    scripted.requests[1].answer();
    await scripted.whenProposed();
    expect(scripted.requested).toEqual(['a1 breast whole', 'a2 breast whole', 'a3 ovary whole']);
    expect(scripted.session.editor.document).toMatchObject({ frameId: 'a3', labelId: 'cyst' });
    expect(scripted.session.editor.document?.mask.data).toEqual(disc(30, 20, 7).data);
  });

  it('to a frame takes up no label that was put away', async () => {
    const { session } = scripted;
    session.store.setState({ labelId: null, labels: scripted.labels.map((one) => ({ ...one, hidden: true })) });
    session.editor.close();
    await openFrame(session, 'A', 'a2');
    expect(scripted.state).toMatchObject({ frameId: 'a2', labelId: null });
    expect(session.editor.document).toBeNull();
  });

  it('says where it happened that an annotation cannot be loaded', async () => {
    scripted.api.answers['annotation:load'] = () => {
      throw new AppError('corrupt', 'Mask bytes end in the middle of a run.');
    };
    await stepFrame(scripted.session, 1);
    expect(scripted.state.opening).toEqual({ kind: 'failed', message: 'Mask bytes end in the middle of a run.' });
    expect(scripted.session.editor.document).toBeNull();
  });
});
