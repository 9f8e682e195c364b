import { beforeEach, describe, expect, it } from 'vitest';
import { GreyPicture } from '../../../renderer/editor/grey/grey-picture.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { ToolboxOnFrame } from '../support/toolbox.ts';

let frame: ToolboxOnFrame;

beforeEach(() => {
  frame = new ToolboxOnFrame();
  // Darkest at (32, 24), brighter by 6 with each pixel from there.
  const data = Uint8Array.from({ length: frameSize.width * frameSize.height }, (_, i) => {
    const away = Math.hypot((i % frameSize.width) + 0.5 - 32, Math.floor(i / frameSize.width) + 0.5 - 24);
    return Math.min(255, 6 * away);
  });
  frame.grey = new GreyPicture(frameSize.width, frameSize.height, data);
  frame.tolerance = 30;
  frame.tools.select('wand');
});

describe('the magic wand', () => {
  it('takes what is about as bright, more or less of it while it is dragged, as one gesture', async () => {
    frame.down(32, 24);
    expect(frame.path).toBe('wand.pointing');
    const first = frame.painted;
    expect(first).toBeGreaterThan(50);
    // Two canvas pixels an image pixel, four for a level: 20 image pixels are ten levels.
    frame.move(52, 24);
    expect(frame.tolerance).toBe(40);
    const more = frame.painted;
    expect(more).toBeGreaterThan(1.4 * first);
    frame.move(12, 24);
    expect(frame.tolerance).toBe(20);
    expect(frame.painted).toBeLessThan(first);
    frame.move(32, 24);
    expect(frame.painted).toBe(first);
    frame.move(52, 24);
    expect(frame.painted).toBe(more);
    frame.up(52, 24);
    expect(frame.path).toBe('wand.idle');
    await frame.editor.saves.whenSettled();
    expect(frame.api.revisions.map((one) => one.gesture)).toEqual(['wand']);
    frame.editor.undo();
    expect(frame.painted).toBe(0);
    frame.editor.redo();
    expect(frame.painted).toBe(more);
  });

  it('gives back what a smaller tolerance leaves, as it was before', () => {
    frame.openFrame('b', disc(40, 24, 6));
    const before = frame.mask;
    frame.down(32, 24);
    frame.move(62, 24);
    frame.move(2, 24);
    frame.move(-28, 24);
    expect(frame.tolerance).toBe(0);
    frame.tools.cancel();
    expect(frame.path).toBe('wand.idle');
    expect(frame.mask).toEqual(before);
    expect(frame.editor.canUndo).toBe(false);
  });

  it('takes away with Alt', () => {
    frame.openFrame('b', disc(32, 24, 20));
    const before = frame.painted;
    frame.click(32, 24, { alt: true });
    expect(frame.painted).toBeLessThan(before - 50);
    expect(frame.pixel(32, 24)).toBe(0);
  });

  it('does nothing outside the frame, or before its picture is there', () => {
    frame.down(-3, 24);
    expect(frame.path).toBe('wand.idle');
    frame.up(-3, 24);
    frame.grey = null;
    frame.click(32, 24);
    expect(frame.path).toBe('wand.idle');
    expect(frame.editor.canUndo).toBe(false);
  });
});
