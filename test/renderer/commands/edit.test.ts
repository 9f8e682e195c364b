import { beforeEach, describe, expect, it } from 'vitest';
import { countMaskPixels, createMask } from '../../../electron/common/mask.ts';
import { paintSegment } from '../../../renderer/editor/brush.ts';
import { findParts } from '../../../electron/common/mask-parts.ts';
import { findCommand, runCommand } from '../../../renderer/commands/index.ts';
import { measureMask } from '../../../renderer/editor/measure.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;

beforeEach(async () => {
  scripted = await openScriptedSession();
  const mask = disc(30, 20, 10);
  paintSegment(mask, { x: 30, y: 20 }, { x: 30, y: 20 }, 3, 0);
  paintSegment(mask, { x: 55, y: 40 }, { x: 55, y: 40 }, 3, 1);
  scripted.session.editor.replaceMask('brush', mask);
});

const mask = () => scripted.session.editor.document!.mask;
const run = (id: string) => runCommand(scripted.session, findCommand(id));

describe('commands on the whole mask', () => {
  it.each([
    ['edit.fill-holes', (before: number) => before + 20, 1],
    ['edit.largest-part', (before: number) => before - 20, 0],
    ['edit.grow', (before: number) => before + 40, 0],
    ['edit.shrink', (before: number) => before - 40, 0],
  ])('%s is one gesture of its name, one undo and one redo', async (id, atLeast, grows) => {
    const before = mask().data.slice();
    const count = countMaskPixels(mask());
    run(id);
    const after = mask().data.slice();
    expect(Math.sign(countMaskPixels(mask()) - count)).toBe(id === 'edit.grow' || grows === 1 ? 1 : -1);
    expect(Math.abs(countMaskPixels(mask()) - count)).toBeGreaterThanOrEqual(Math.abs(atLeast(count) - count));
    await scripted.session.editor.saves.whenSettled();
    expect(`edit.${scripted.api.revisions.at(-1)?.gesture}`).toBe(id);
    run('edit.undo');
    expect(mask().data).toEqual(before);
    run('edit.redo');
    expect(mask().data).toEqual(after);
  });

  it('smooth the outline, keep what is there, and make an ellipse of it', () => {
    run('edit.smooth');
    expect(findParts(mask())).toHaveLength(2);
    run('edit.largest-part');
    run('edit.ellipse');
    expect(measureMask(mask(), disc(30, 20, 10))).toMatchObject({ parts: 1, holes: 0 });
    expect(measureMask(mask(), disc(30, 20, 10)).agreement).toBeGreaterThan(0.95);
  });

  it('are not possible in the middle of a gesture', () => {
    const { editor } = scripted.session;
    editor.beginGesture('brush');
    run('edit.grow');
    expect(editor.isInGesture).toBe(true);
    editor.cancelGesture();
  });
});

describe('undo while an outline is being drawn', () => {
  it('takes its last corner back, and only then what was done before', async () => {
    const { tools, editor } = scripted.session;
    run('tool.polygon');
    const click = (x: number, y: number): void => {
      tools.pointerDown({ image: { x, y }, canvas: { x, y } }, { pan: false });
      tools.pointerUp({ image: { x, y }, canvas: { x, y } });
    };
    click(10, 10);
    click(30, 10);
    run('edit.undo');
    expect(scripted.state.toolPreview?.handles).toHaveLength(1);
    run('edit.step-back');
    expect(tools.path).toBe('polygon.idle');
    expect(countMaskPixels(mask())).toBeGreaterThan(0);
    run('edit.undo');
    await expect.poll(() => editor.canUndo).toBe(false);
  });

  it('is finished with Enter and cancelled with Escape', () => {
    const { tools, editor } = scripted.session;
    editor.replaceMask('brush', createMask(frameSize.width, frameSize.height));
    run('tool.polygon');
    for (const [x, y] of [
      [10, 10],
      [30, 10],
      [30, 30],
    ]) {
      tools.pointerDown({ image: { x, y }, canvas: { x, y } }, { pan: false });
      tools.pointerUp({ image: { x, y }, canvas: { x, y } });
    }
    run('edit.cancel');
    expect(tools.isIdle).toBe(true);
    expect(countMaskPixels(mask())).toBe(0);
    expect(findCommand('edit.finish').isEnabled?.(scripted.session)).toBe(false);
  });
});
