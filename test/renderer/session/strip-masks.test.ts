import { beforeEach, describe, expect, it } from 'vitest';
import type { StripMask } from '../../../electron/common/api.ts';
import { decodeMask, encodeMask } from '../../../electron/common/mask.ts';
import { openFrame } from '../../../renderer/session/navigation.ts';
import { scrubTo, stop } from '../../../renderer/session/playback.ts';
import { passingMask } from '../../../renderer/session/strip-masks.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
let masks: StripMask[];
beforeEach(async () => {
  scripted = await openScriptedSession();
  masks = [
    { frameId: 'a2', reviewState: 'proposed', segmentAlgorithmType: 'AUTOMATIC', mask: encodeMask(disc(20, 20, 5)) },
    { frameId: 'a3', reviewState: 'accepted', segmentAlgorithmType: 'MANUAL', mask: encodeMask(disc(30, 20, 5)) },
  ];
  scripted.api.answers['strip:masks'] = () => masks;
});

const passing = () => passingMask(scripted.state, scripted.session.editor);
const loaded = () => expect.poll(() => scripted.state.stripMasks).not.toBeNull();

describe('frames that pass by', () => {
  it('have their masks with them, each outlined as what it is', async () => {
    scrubTo(scripted.session, 1);
    await loaded();
    expect(passing()).toMatchObject({ looks: 'proposed', bytes: masks[0].mask });
    scrubTo(scripted.session, 2);
    expect(passing()).toMatchObject({ looks: 'own', color: '#56b4e9', ...frameSize });
    await stop(scripted.session);
    expect(passing()).toBeNull();
    expect(scripted.state.stripMasks).toBeNull();
  });

  it('show what this page did to them last, and nothing where the structure is not', async () => {
    scripted.session.editor.replaceMask('outline', disc(40, 20, 6));
    masks = [{ ...masks[0], reviewState: 'absent', mask: encodeMask(disc(0, 0, 0.1)) }];
    scrubTo(scripted.session, 0);
    await loaded();
    const mask = passing();
    expect(mask?.looks).toBe('own');
    expect(decodeMask(mask!.bytes, frameSize.width, frameSize.height).data).toEqual(disc(40, 20, 6).data);
    scrubTo(scripted.session, 1);
    expect(passing()).toBeNull();
  });

  it('show a proposal that came after the one that is held, and what others annotate meanwhile', async () => {
    await openFrame(scripted.session, 'A', 'a2');
    await scripted.whenProposed();
    scrubTo(scripted.session, 0);
    await loaded();
    scrubTo(scripted.session, 1);
    expect(passing()?.bytes).toEqual(masks[0].mask);
    const { id, createdAt, mask } = scripted.api.writeElsewhere('a2', 'lesion', disc(10, 10, 3));
    masks = [{ ...masks[0], reviewState: 'edited', segmentAlgorithmType: 'MANUAL', mask }];
    scripted.api.emit('annotation:saved', { frameId: 'a2', labelId: 'lesion', revisionId: id, savedAt: createdAt });
    await expect.poll(() => passing()).toMatchObject({ looks: 'own', bytes: mask });
  });

  it('show an undo that was on its way to the disk when they began to pass by', async () => {
    const { editor } = scripted.session;
    editor.replaceMask('outline', disc(40, 20, 6));
    await editor.saves.whenSettled();
    const before = { ...masks[1], frameId: 'a1' };
    const after = { ...masks[0], frameId: 'a1' };
    scripted.api.answers['strip:masks'] = () => [scripted.api.revisions.at(-1)?.gesture === 'undo' ? after : before];
    const { promise, resolve } = Promise.withResolvers<void>();
    const save = scripted.api.send.bind(scripted.api);
    scripted.api.send = async (name, input) => {
      if (name === 'annotation:save') await promise;
      return save(name, input);
    };
    editor.undo();
    scrubTo(scripted.session, 0);
    await loaded();
    expect(passing()?.looks).toBe('proposed');
    resolve();
    await editor.saves.whenSettled();
    await expect.poll(() => passing()?.bytes).toEqual(after.mask);
  });
});
