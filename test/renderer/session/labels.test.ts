import { beforeEach, describe, expect, it } from 'vitest';
import type { LabelView } from '../../../electron/common/api.ts';
import { addLabel, selectLabel } from '../../../renderer/session/labels.ts';
import { startSession } from '../../../renderer/session/start.ts';
import { openScriptedSession, ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
const vessel = { name: 'Vessel', position: 'leg', type: 'organ' } as const;

/** The app adds what it is told to. */
function answerAdding(): void {
  scripted.api.answers['label:add'] = (input) => {
    const label: LabelView = {
      ...scripted.labels[0],
      ...input,
      id: 'vessel',
      color: '#e69f00',
      code: null,
      hidden: false,
      activeAdapterId: null,
    };
    scripted.labels = [...scripted.labels, label];
    return label;
  };
}

describe('the first label of a workspace', () => {
  beforeEach(async () => {
    scripted = new ScriptedSession();
    scripted.labels = [];
    answerAdding();
    await startSession(scripted.session);
  });

  it('opens the frame for annotation, with its queue and its corrections', async () => {
    expect(scripted.session.editor.document).toBeNull();
    expect(scripted.requests).toHaveLength(0);
    await addLabel(scripted.session, vessel);
    await scripted.whenProposed();
    expect(scripted.session.editor.document).toMatchObject({ frameId: 'a1', labelId: 'vessel' });
    expect(scripted.requested).toEqual(['a1 leg whole']);
    expect(scripted.state.corrections).toEqual({ corrections: 4, needed: 4 });
    expect(scripted.state.queue).toHaveLength(2);
  });
});

describe('labels', () => {
  beforeEach(async () => {
    scripted = await openScriptedSession();
    answerAdding();
  });

  it('that are added are selected, on the frame that is open', async () => {
    await addLabel(scripted.session, vessel);
    await scripted.whenProposed();
    expect(scripted.state).toMatchObject({ labelId: 'vessel', frameId: 'a1' });
    expect(scripted.session.editor.document?.labelId).toBe('vessel');
  });

  it('that somebody else removes are left for one that is there', async () => {
    scripted.labels = scripted.labels.filter(({ id }) => id !== 'lesion');
    scripted.api.emit('label:changed', { labelId: 'lesion' });
    await expect.poll(() => scripted.state.labelId).toBe('cyst');
    await scripted.whenProposed();
    expect(scripted.session.editor.document?.labelId).toBe('cyst');
  });

  it('keep the prompts that were chosen for them to themselves', async () => {
    await selectLabel(scripted.session, 'cyst');
    await scripted.whenProposed();
    await selectLabel(scripted.session, 'lesion');
    await scripted.whenProposed();
    expect(scripted.requested).toEqual(['a1 breast whole', 'a1 ovary whole']);
    expect(scripted.session.editor.document?.labelId).toBe('lesion');
  });

  it('that cannot be added say why to the form that asked', async () => {
    scripted.api.answers['label:add'] = () => {
      throw new Error('There is a label "Vessel" already.');
    };
    await expect(addLabel(scripted.session, vessel)).rejects.toThrow('already');
    expect(scripted.state.labelId).toBe('lesion');
  });
});
