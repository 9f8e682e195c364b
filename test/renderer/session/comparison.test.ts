import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandInput } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { encodeMask, maskDice } from '../../../electron/common/mask.ts';
import { agreement, canCompare, toggleComparison } from '../../../renderer/session/comparison.ts';
import { refreshLabels } from '../../../renderer/session/labels.ts';
import { stepFrame } from '../../../renderer/session/navigation.ts';
import { disc } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
let asked: CommandInput<'proposal:preview'>[];

beforeEach(async () => {
  scripted = await openScriptedSession();
  asked = [];
  scripted.api.answers['proposal:preview'] = (input) => {
    asked.push(input);
    return {
      mask: encodeMask(disc(32, 20, 5)),
      meanProbability: 0.9,
      uncertainty: 0.1,
      milliseconds: 5,
      provider: 'cpu',
    };
  };
});

async function workWithAdapter(): Promise<void> {
  scripted.labels = scripted.labels.map((label) => ({ ...label, activeAdapterId: 'adapter-1' }));
  await refreshLabels(scripted.session);
  await expect.poll(() => scripted.session.editor.document?.proposal?.adapterId).toBe('adapter-1');
}

describe('comparing with the base model', () => {
  it('needs an adapter at work', async () => {
    expect(canCompare(scripted.session)).toBe(false);
    await workWithAdapter();
    expect(canCompare(scripted.session)).toBe(true);
  });

  it('asks the base model about every frame that is opened, and says how far the two agree', async () => {
    await workWithAdapter();
    toggleComparison(scripted.session);
    await expect.poll(() => scripted.state.comparison?.baseMask).toEqual(encodeMask(disc(32, 20, 5)));
    expect(asked).toEqual([expect.objectContaining({ frameId: 'a1', labelId: 'lesion', box: null, adapter: 'none' })]);
    const { proposalMask } = scripted.session.editor.document!;
    expect(agreement(scripted.state, scripted.session)).toBe(maskDice(proposalMask!, disc(32, 20, 5)));
    await stepFrame(scripted.session, 1);
    await expect.poll(() => asked.map(({ frameId }) => frameId)).toEqual(['a1', 'a2']);
    await expect.poll(() => scripted.state.comparison?.frameId).toBe('a2');
    toggleComparison(scripted.session);
    expect(scripted.state.comparison).toBeNull();
    await stepFrame(scripted.session, 1);
    await scripted.whenProposed();
    expect(asked).toHaveLength(2);
  });

  it('ends with the reason where the base model cannot be asked', async () => {
    await workWithAdapter();
    scripted.api.answers['proposal:preview'] = () => {
      throw new AppError('engine', 'The engine stopped.');
    };
    toggleComparison(scripted.session);
    await expect.poll(() => scripted.state.notice?.text).toBe('The engine stopped.');
    expect(scripted.state.comparing).toBe(false);
  });
});
