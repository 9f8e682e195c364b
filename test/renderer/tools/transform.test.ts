import { beforeEach, describe, expect, it } from 'vitest';
import { maskBox, maskDice } from '../../../electron/common/mask.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { ToolboxOnFrame } from '../support/toolbox.ts';

let frame: ToolboxOnFrame;

beforeEach(() => {
  // Its box is (16, 16) to (32, 32).
  frame = new ToolboxOnFrame(disc(24, 24, 8));
  frame.tools.select('transform');
});

const box = () => maskBox(frame.editor.document!.mask);

describe('moving and scaling the mask', () => {
  it('shows its box with handles, for whatever is open', () => {
    expect(frame.path).toBe('transform.idle');
    expect(frame.preview?.handles).toHaveLength(8);
    expect(frame.preview?.lines[0].points[0]).toEqual({ x: 16, y: 16 });
    frame.openFrame('b', disc(40, 20, 4));
    expect(frame.preview?.lines[0].points[0]).toEqual({ x: 36, y: 16 });
    frame.openFrame('c');
    expect(frame.preview).toBeNull();
    frame.tools.select('brush');
    expect(frame.preview).toBeNull();
  });

  it('moves by whole pixels with a drag inside the box, as one gesture', async () => {
    const before = frame.mask;
    frame.down(24, 24);
    expect(frame.path).toBe('transform.dragging');
    frame.move(27, 25);
    frame.move(34.4, 20.2);
    expect(box()).toEqual({ x: 26, y: 12, width: 16, height: 16 });
    expect(frame.preview?.lines[0].points[0]).toEqual({ x: 26, y: 12 });
    frame.up(34.4, 20.2);
    expect(frame.path).toBe('transform.idle');
    expect(frame.mask).toEqual(disc(34, 20, 8).data);
    expect(frame.preview?.lines[0].points[0]).toEqual({ x: 26, y: 12 });
    await frame.editor.saves.whenSettled();
    expect(frame.api.revisions.slice(1).map((one) => one.gesture)).toEqual(['move']);
    frame.editor.undo();
    expect(frame.mask).toEqual(before);
    expect(frame.preview?.lines[0].points[0]).toEqual({ x: 16, y: 16 });
    frame.editor.redo();
    expect(frame.mask).toEqual(disc(34, 20, 8).data);
  });

  it('comes back whole from beyond the edge within one drag', () => {
    const before = frame.mask;
    frame.down(24, 24);
    frame.move(-40, -40);
    expect(frame.painted).toBe(0);
    frame.move(24, 24);
    frame.up(24, 24);
    expect(frame.mask).toEqual(before);
    expect(frame.editor.canUndo).toBe(false);
  });

  it('scales from a corner, and with Shift keeps its proportions', () => {
    frame.drag([
      { x: 32, y: 32 },
      { x: 40, y: 40 },
    ]);
    expect(maskDice(frame.editor.document!.mask, disc(28, 28, 12))).toBeGreaterThan(0.96);
    frame.editor.undo();
    frame.drag([
      { x: 32, y: 32 },
      { x: 48, y: 33 },
    ]);
    const wide = box()!;
    expect(wide.width).toBeGreaterThan(28);
    expect(wide.height).toBeLessThan(19);
    frame.editor.undo();
    frame.drag(
      [
        { x: 16, y: 16 },
        { x: 12, y: 15 },
      ],
      { shift: true },
    );
    expect(maskDice(frame.editor.document!.mask, disc(22, 22, 10))).toBeGreaterThan(0.96);
  });

  it('scales one side from its middle, down to a pixel and never through it', () => {
    frame.drag([
      { x: 32, y: 24 },
      { x: 0, y: 24 },
    ]);
    expect(box()!.x).toBe(16);
    expect(box()!.width).toBeLessThanOrEqual(2);
    frame.editor.undo();
    expect(frame.mask).toEqual(disc(24, 24, 8).data);
  });

  it('rewinds when it is cancelled, and does nothing beside the box or without a mask', () => {
    const before = frame.mask;
    frame.down(32, 32);
    frame.move(44, 44);
    frame.tools.cancel();
    expect(frame.path).toBe('transform.idle');
    expect(frame.mask).toEqual(before);
    frame.down(60, 44);
    expect(frame.path).toBe('transform.idle');
    frame.up(60, 44);
    frame.openFrame('c');
    frame.down(frameSize.width / 2, 20);
    expect(frame.path).toBe('transform.idle');
    expect(frame.editor.canUndo).toBe(false);
  });
});
