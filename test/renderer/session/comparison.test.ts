import { beforeEach, describe, expect, it } from 'vitest';
import type { AdapterView, CommandInput } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { countMaskPixels, encodeMask, maskDice } from '../../../electron/common/mask.ts';
import { allCommands, findCommand, runCommand } from '../../../renderer/commands/index.ts';
import {
  agreement,
  canCompare,
  comparedMasks,
  compareWith,
  referenceMask,
  speakers,
  toggleComparison,
} from '../../../renderer/session/comparison.ts';
import { refreshLabels } from '../../../renderer/session/labels.ts';
import { stepFrame } from '../../../renderer/session/navigation.ts';
import { selectedFrame } from '../../../renderer/session/session.ts';
import { refreshTraining } from '../../../renderer/session/synchronization.ts';
import { t } from '../../../renderer/strings/index.ts';
import { disc } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
let asked: CommandInput<'proposal:preview'>[];

/** What each proposes: a disc of another radius. */
const radii: Readonly<Record<string, number>> = { base: 5, first: 7, second: 9 };

function adapter(id: string, change: Partial<AdapterView> = {}): AdapterView {
  return {
    id,
    labelId: 'lesion',
    modelHash: 'hash',
    corrections: 8,
    validationBefore: 0.6,
    validationAfter: 0.8,
    caution: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    active: false,
    usable: true,
    ...change,
  };
}

/** Adapters of the selected label, the newest first. */
async function haveAdapters(adapters: AdapterView[]): Promise<void> {
  scripted.api.answers['adapter:list'] = () => adapters;
  const activeAdapterId = adapters.find(({ active }) => active)?.id ?? null;
  scripted.labels = scripted.labels.map((label) => ({ ...label, activeAdapterId }));
  await refreshLabels(scripted.session);
  await refreshTraining(scripted.session);
  await expect.poll(() => scripted.session.editor.document?.proposal?.adapterId ?? null).toBe(activeAdapterId);
  await scripted.whenProposed();
}

const names = () => {
  const { before, now } = speakers(scripted.state);
  return [before?.id ?? 'base', now?.id ?? 'base'];
};
const masks = () => comparedMasks(scripted.state.comparison, selectedFrame(scripted.state));
const asksOf = (frameId: string) =>
  asked.filter((input) => input.frameId === frameId).map(({ adapterId }) => adapterId ?? 'base');

beforeEach(async () => {
  scripted = await openScriptedSession();
  asked = [];
  scripted.api.answers['proposal:preview'] = (input) => {
    asked.push(input);
    const mask = encodeMask(disc(32, 20, radii[input.adapterId ?? 'base']));
    return { mask, meanProbability: 0.9, uncertainty: 0.1, milliseconds: 5, provider: 'cpu' };
  };
});

describe('comparing side by side', () => {
  it('needs an adapter that works with the base model in use', async () => {
    expect(canCompare(scripted.session)).toBe(false);
    await haveAdapters([adapter('first', { usable: false })]);
    expect(canCompare(scripted.session)).toBe(false);
    await haveAdapters([adapter('first')]);
    expect(canCompare(scripted.session)).toBe(true);
  });

  it('says why it cannot, to whoever presses its key', async () => {
    const pressKey = () => runCommand(scripted.session, findCommand('view.compare'));
    pressKey();
    expect(scripted.state.comparing).toBe(false);
    expect(scripted.state.notice).toEqual({ tone: 'plain', text: t('notices.nothingToCompare') });
    await haveAdapters([adapter('first')]);
    scripted.session.store.setState({ notice: null });
    pressKey();
    expect(scripted.state.comparing).toBe(true);
    expect(scripted.state.notice).toBeNull();
  });

  it('puts the adapter before on the left, else the base model, else whom the reader chose', async () => {
    await haveAdapters([adapter('second', { active: true }), adapter('first')]);
    expect(names()).toEqual(['first', 'second']);
    compareWith(scripted.session, null);
    expect(names()).toEqual(['base', 'second']);
    compareWith(scripted.session, 'first');
    expect(names()).toEqual(['first', 'second']);
    // Who proposes now is not compared with itself.
    await haveAdapters([adapter('second'), adapter('first', { active: true })]);
    expect(names()).toEqual(['base', 'first']);
    await haveAdapters([adapter('second'), adapter('first')]);
    expect(names()).toEqual(['first', 'base']);
    scripted.session.store.setState({ comparedWith: null });
    expect(names()).toEqual(['second', 'base']);
  });

  it('asks both about every frame that is opened', async () => {
    await haveAdapters([adapter('second', { active: true }), adapter('first')]);
    toggleComparison(scripted.session);
    await expect.poll(() => masks()).not.toBeNull();
    expect(asksOf('a1')).toEqual(['first', 'second']);
    const { before, now, only } = masks()!;
    expect([before, now]).toEqual([disc(32, 20, 7), disc(32, 20, 9)]);
    expect(countMaskPixels(only.before)).toBe(0);
    expect(countMaskPixels(only.now)).toBe(countMaskPixels(now) - countMaskPixels(before));
    await stepFrame(scripted.session, 1);
    expect(masks()).toBeNull();
    await expect.poll(() => scripted.state.comparison?.frameId).toBe('a2');
    await expect.poll(() => masks()).not.toBeNull();
    compareWith(scripted.session, null);
    await expect.poll(() => masks()?.before).toEqual(disc(32, 20, 5));
    expect(asksOf('a2')).toEqual(['first', 'second', 'base', 'second']);
    toggleComparison(scripted.session);
    expect(scripted.state.comparison).toBeNull();
    await stepFrame(scripted.session, 1);
    await scripted.whenProposed();
    expect(asksOf('a3')).toEqual([]);
  });

  it('measures both by what the reader said of the frame, and by nothing before that', async () => {
    const { session } = scripted;
    await haveAdapters([adapter('first', { active: true })]);
    toggleComparison(session);
    await expect.poll(() => masks()).not.toBeNull();
    expect(referenceMask(session, scripted.state.comparison)).toBeNull();
    expect(agreement(masks()!, null)).toEqual({
      before: null,
      now: null,
      between: maskDice(disc(32, 20, 5), disc(32, 20, 7)),
    });
    session.editor.replaceMask('brush', disc(32, 20, 8));
    const reference = referenceMask(session, scripted.state.comparison);
    expect(reference).toEqual(disc(32, 20, 8));
    expect(agreement(masks()!, reference)).toMatchObject({
      before: maskDice(disc(32, 20, 5), disc(32, 20, 8)),
      now: maskDice(disc(32, 20, 7), disc(32, 20, 8)),
    });
  });

  it('ends with Escape, once nothing else lies over the frame', async () => {
    const escape = allCommands.find(({ id }) => id === 'edit.cancel')!;
    await haveAdapters([adapter('first', { active: true })]);
    toggleComparison(scripted.session);
    scripted.session.store.setState({ notice: { tone: 'plain', text: 'So.' } });
    await escape.run(scripted.session);
    expect(scripted.state).toMatchObject({ comparing: true, notice: null });
    await escape.run(scripted.session);
    expect(scripted.state.comparing).toBe(false);
  });

  it('ends with the reason where one of them cannot be asked', async () => {
    await haveAdapters([adapter('first', { active: true })]);
    scripted.api.answers['proposal:preview'] = () => {
      throw new AppError('engine', 'The engine stopped.');
    };
    toggleComparison(scripted.session);
    await expect.poll(() => scripted.state.notice?.text).toBe('The engine stopped.');
    expect(scripted.state.comparing).toBe(false);
  });
});
