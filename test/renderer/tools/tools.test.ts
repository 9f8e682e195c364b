import { beforeEach, describe, expect, it } from 'vitest';
import { ToolboxOnFrame } from '../support/toolbox.ts';

let frame: ToolboxOnFrame;

beforeEach(() => {
  frame = new ToolboxOnFrame();
});

describe('the brush', () => {
  it('goes from idle to pointing to drawing and back, and paints without gaps', () => {
    expect(frame.path).toBe('brush.idle');
    frame.down(10, 10);
    expect(frame.path).toBe('brush.pointing');
    frame.move(40, 10);
    expect(frame.path).toBe('brush.drawing');
    frame.move(40, 40);
    frame.up(40, 40);
    expect(frame.path).toBe('brush.idle');
    for (let x = 10; x <= 40; x += 1) expect(frame.pixel(x, 10)).toBe(1);
    for (let y = 10; y <= 40; y += 1) expect(frame.pixel(40, y)).toBe(1);
    frame.editor.undo();
    expect(frame.painted).toBe(0);
    frame.editor.redo();
    expect(frame.pixel(25, 10)).toBe(1);
  });

  it('paints one dot for a click', () => {
    frame.down(10, 10);
    frame.up(10, 10);
    expect(frame.path).toBe('brush.idle');
    expect(frame.pixel(10, 10)).toBe(1);
    expect(frame.painted).toBeGreaterThan(20);
    expect(frame.editor.canUndo).toBe(true);
  });

  it.each(['pointing', 'drawing'])('rewinds when it is cancelled while %s', (state) => {
    frame.down(10, 10);
    if (state === 'drawing') frame.move(20, 10);
    expect(frame.path).toBe(`brush.${state}`);
    expect(frame.tools.cancel()).toBe(true);
    expect(frame.path).toBe('brush.idle');
    expect(frame.painted).toBe(0);
    expect(frame.editor.canUndo).toBe(false);
    frame.move(30, 30);
    frame.up(30, 30);
    expect(frame.painted).toBe(0);
  });

  it('of a pen is wider the harder it is pressed', () => {
    frame.down(32, 24, { pressure: 0.1 });
    frame.up(32, 24);
    const light = frame.painted;
    frame.editor.undo();
    frame.down(32, 24, { pressure: 0.5 });
    frame.up(32, 24);
    const half = frame.painted;
    frame.editor.undo();
    frame.down(32, 24, { pressure: 1 });
    frame.move(32.01, 24, { pressure: 1 });
    frame.up(32, 24);
    expect(light).toBeLessThan(half / 2);
    expect(half).toBeGreaterThan(24);
    expect(half).toBeLessThan(33);
    expect(frame.painted).toBeGreaterThan(2 * half);
  });

  it('is round where the frame is shown, also where its pixels are not square', () => {
    frame.pixelAspectRatio = 2;
    frame.down(32.5, 24.5);
    frame.up(32.5, 24.5);
    expect([frame.pixel(35, 24), frame.pixel(36, 24)]).toEqual([1, 0]);
    expect([frame.pixel(32, 25), frame.pixel(32, 26)]).toEqual([1, 0]);
  });

  it('does nothing where no document is open', () => {
    frame.editor.close();
    frame.down(10, 10);
    expect(frame.path).toBe('brush.idle');
  });

  it('cancels its stroke when another tool is chosen in the middle of it', () => {
    frame.down(10, 10);
    frame.move(20, 10);
    frame.tools.select('eraser');
    expect(frame.path).toBe('eraser.idle');
    expect(frame.painted).toBe(0);
  });
});

describe('the eraser', () => {
  it('has the same states and takes pixels away, as one undo', () => {
    frame.down(10, 10);
    frame.move(40, 10);
    frame.up(40, 10);
    const before = frame.painted;
    frame.tools.select('eraser');
    frame.down(25, 10);
    expect(frame.path).toBe('eraser.pointing');
    frame.move(26, 10);
    expect(frame.path).toBe('eraser.drawing');
    frame.up(26, 10);
    expect(frame.pixel(25, 10)).toBe(0);
    expect(frame.painted).toBeLessThan(before);
    frame.editor.undo();
    expect(frame.painted).toBe(before);
  });
});

describe('looking around', () => {
  it('moves the view by what the pointer moved, and the document not at all', () => {
    frame.tools.select('select');
    frame.down(10, 10);
    expect(frame.path).toBe('select.panning');
    frame.move(15, 12);
    frame.move(20, 12);
    frame.up(20, 12);
    expect(frame.pans).toEqual([
      [10, 4],
      [10, 0],
    ]);
    expect(frame.path).toBe('select.idle');
    expect(frame.editor.canUndo).toBe(false);
  });

  it('goes back to where it began when it is cancelled', () => {
    frame.tools.select('select');
    frame.down(10, 10);
    frame.move(15, 12);
    frame.tools.cancel();
    expect(frame.pans.reduce(([x, y], [dx, dy]) => [x + dx, y + dy], [0, 0])).toEqual([0, 0]);
  });

  it('is borrowed with space or the middle button, and the brush is back afterwards', () => {
    frame.down(10, 10, { pan: true });
    expect(frame.path).toBe('select.panning');
    expect(frame.tools.selectedId).toBe('brush');
    frame.move(20, 10);
    frame.up(20, 10);
    expect(frame.path).toBe('brush.idle');
    expect(frame.painted).toBe(0);
  });
});

describe('the box', () => {
  it('asks for the target that was dragged around, from any corner, and shows it meanwhile', () => {
    frame.tools.select('box');
    frame.down(40, 30);
    expect(frame.path).toBe('box.pointing');
    frame.move(30, 30);
    frame.move(10, 8);
    expect(frame.path).toBe('box.drawing');
    expect(frame.previewBox).toEqual({ x: 10, y: 8, width: 30, height: 22 });
    frame.up(10, 8);
    expect(frame.boxes).toEqual([{ x: 10, y: 8, width: 30, height: 22 }]);
    expect(frame.previewBox).toBeNull();
    expect(frame.path).toBe('box.idle');
    expect(frame.editor.canUndo).toBe(false);
  });

  it('is clipped to the frame', () => {
    frame.tools.select('box');
    frame.down(50, 40);
    frame.move(60, 44);
    frame.up(500, 400);
    expect(frame.boxes).toEqual([{ x: 50, y: 40, width: 14, height: 8 }]);
  });

  it('asks for nothing for a click, a slip or a cancelled drag', () => {
    frame.tools.select('box');
    frame.down(10, 10);
    frame.up(10, 10);
    frame.down(10, 10);
    frame.move(12, 30);
    frame.up(12, 30);
    frame.down(10, 10);
    frame.move(40, 40);
    frame.tools.cancel();
    expect(frame.boxes).toEqual([]);
    expect(frame.previewBox).toBeNull();
    expect(frame.path).toBe('box.idle');
  });
});
