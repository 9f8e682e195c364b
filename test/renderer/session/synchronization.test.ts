import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { stepFrame } from '../../../renderer/session/navigation.ts';
import { cancelSynchronization, startSynchronization } from '../../../renderer/session/synchronization.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('synchronization', () => {
  const progress = { labelId: 'lesion', phase: 'training', steps: 50, secondsLeft: 9 } as const;

  it('collects the curves, and proposes again with the new adapter', async () => {
    await startSynchronization(scripted.session);
    scripted.api.emit('training:progressed', { ...progress, step: 1, loss: 0.8, validationDice: 0.5 });
    scripted.api.emit('training:progressed', { ...progress, step: 2, loss: 0.7, validationDice: null });
    expect(scripted.state.training).toMatchObject({
      step: 2,
      losses: [
        { step: 1, value: 0.8 },
        { step: 2, value: 0.7 },
      ],
      dice: [{ step: 1, value: 0.5 }],
    });
    scripted.labels = [{ ...scripted.labels[0], activeAdapterId: 'adapter-1' }, scripted.labels[1]];
    scripted.api.emit('training:finished', {
      labelId: 'lesion',
      adapterId: 'adapter-1',
      activated: true,
      reason: 'Better.',
      validationBefore: 0.5,
      validationAfter: 0.7,
      caution: null,
      corrections: 4,
      seconds: 9,
    });
    expect(scripted.state).toMatchObject({
      training: null,
      trainingResult: { validationAfter: 0.7 },
      lastRun: { step: 2 },
    });
    await expect.poll(() => scripted.session.editor.document?.proposal?.adapterId).toBe('adapter-1');
    expect(scripted.state.earlierProposal?.id).toBe('proposal-1');
    await stepFrame(scripted.session, 1);
    expect(scripted.state.earlierProposal).toBeNull();
  });

  it('is cancelled, and says that nothing has changed', async () => {
    await startSynchronization(scripted.session);
    await cancelSynchronization(scripted.session);
    expect(scripted.state.training?.cancelling).toBe(true);
    scripted.api.emit('training:failed', { labelId: 'lesion', cancelled: true, message: 'Cancelled.' });
    expect(scripted.state).toMatchObject({ training: null, trainingTrouble: null });
    expect(scripted.state.notice?.text).toContain('nothing has changed');
  });

  it('that is refused says why', async () => {
    scripted.api.answers['training:start'] = () => {
      throw new AppError('bad-input', '2 corrections are missing.');
    };
    await startSynchronization(scripted.session);
    expect(scripted.state).toMatchObject({
      training: null,
      trainingTrouble: { message: '2 corrections are missing.' },
    });
  });
});
