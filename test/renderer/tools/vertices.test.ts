import { beforeEach, describe, expect, it } from 'vitest';
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { createMask } from '../../../electron/common/mask.ts';
import { fillPolygon } from '../../../electron/common/polygon.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { ToolboxOnFrame } from '../support/toolbox.ts';

let frame: ToolboxOnFrame;

const corners = [
  { x: 10, y: 10 },
  { x: 40, y: 10 },
  { x: 40, y: 36 },
  { x: 10, y: 36 },
];

function square() {
  const mask = createMask(frameSize.width, frameSize.height);
  fillPolygon(mask, corners, 1);
  return mask;
}

/** The shown vertex that is nearest to a point. */
function handleNear(x: number, y: number): ImagePoint {
  const away = (point: ImagePoint): number => Math.hypot(point.x - x, point.y - y);
  return frame.preview!.handles.reduce((a, b) => (away(b) < away(a) ? b : a));
}

const gestures = async (): Promise<string[]> => {
  await frame.editor.saves.whenSettled();
  return frame.api.revisions.slice(1).map((one) => one.gesture);
};

beforeEach(() => {
  frame = new ToolboxOnFrame(square());
  frame.tools.select('vertices');
});

describe('the vertices of an outline', () => {
  it('are shown for whatever is open, and gone with the tool', () => {
    expect(frame.path).toBe('vertices.idle');
    expect(frame.preview?.handles).toHaveLength(4);
    frame.openFrame('b', disc(32, 24, 12));
    expect(frame.preview!.handles.length).toBeGreaterThan(5);
    frame.openFrame('c');
    expect(frame.preview).toBeNull();
    frame.click(20, 20);
    expect(frame.path).toBe('vertices.idle');
    frame.editor.openAgain('a', 'lesion');
    expect(frame.preview?.handles).toHaveLength(4);
    frame.tools.select('brush');
    expect(frame.preview).toBeNull();
  });

  it('are fewer where the reader wants them coarse', () => {
    frame.openFrame('b', disc(32, 24, 20));
    const fine = frame.preview!.handles.length;
    frame.vertexTolerance = 5;
    frame.tools.refresh();
    expect(frame.preview!.handles.length).toBeLessThan(fine);
    expect(frame.editor.canUndo).toBe(false);
  });

  it('move with the pointer as one gesture, and the mask changes between their neighbours alone', async () => {
    const before = frame.mask;
    const { x, y } = handleNear(40, 10);
    frame.down(x, y);
    expect(frame.path).toBe('vertices.pointing');
    frame.move(x + 1, y);
    expect(frame.path).toBe('vertices.pointing');
    frame.move(x + 4, y - 4);
    expect(frame.path).toBe('vertices.dragging');
    expect(frame.preview?.chosen).toEqual({ x: x + 4, y: y - 4 });
    frame.move(x + 12, y - 6);
    const expected = createMask(frameSize.width, frameSize.height);
    expected.data.set(before);
    // The square's own left and lower sides, and what lies between its old and its new ones.
    const [upperLeft, lowerRight] = [handleNear(10, 10), handleNear(40, 36)];
    fillPolygon(expected, [upperLeft, { x: x + 12, y: y - 6 }, lowerRight, { x, y }], 1);
    expect(frame.mask.filter((value, index) => value !== expected.data[index]).length).toBeLessThan(4);
    frame.mask.forEach((value, index) => {
      const [column, row] = [index % frameSize.width, Math.floor(index / frameSize.width)];
      if (column < 10 || row > 36) expect(value).toBe(before[index]);
    });
    const seen = frame.mask;
    frame.up(x + 12, y - 6);
    expect(frame.path).toBe('vertices.idle');
    expect(frame.mask).toEqual(seen);
    expect(await gestures()).toEqual(['move-vertex']);
    // It is where it was left, to within the pixels of the mask, and it is the chosen one.
    const moved = handleNear(x + 12, y - 6);
    expect(Math.hypot(moved.x - x - 12, moved.y - y + 6)).toBeLessThan(2.5);
    expect(frame.preview?.chosen).toEqual(moved);
    expect(frame.preview?.handles).toHaveLength(4);
    frame.editor.undo();
    expect(frame.mask).toEqual(before);
    expect(frame.preview?.handles).toHaveLength(4);
    frame.editor.redo();
    expect(frame.mask).toEqual(seen);
  });

  it('leave no trace of a drag that comes back or is cancelled', () => {
    const before = frame.mask;
    const { x, y } = handleNear(10, 36);
    frame.down(x, y);
    frame.move(x - 6, y + 6);
    expect(frame.mask).not.toEqual(before);
    frame.tools.cancel();
    expect(frame.path).toBe('vertices.idle');
    expect(frame.mask).toEqual(before);
    expect(frame.editor.canUndo).toBe(false);
    expect(frame.preview?.handles).toHaveLength(4);
    frame.up(x, y);
    frame.down(x, y);
    frame.tools.cancel();
    expect(frame.path).toBe('vertices.idle');
    expect(frame.editor.canUndo).toBe(false);
  });

  it('are set by a click on the line, which changes no pixel and can be taken back', async () => {
    const before = frame.mask;
    frame.hover(25, 10.5);
    expect(frame.preview?.offered).toEqual({ x: 24.5, y: 10 });
    frame.click(25, 10.5);
    expect(frame.preview?.handles).toHaveLength(5);
    expect(frame.preview?.chosen).toEqual({ x: 24.5, y: 10 });
    expect(frame.mask).toEqual(before);
    expect(frame.tools.canStepBack).toBe(true);
    expect(frame.tools.stepBack()).toBe(true);
    expect(frame.preview?.handles).toHaveLength(4);
    expect(frame.tools.canStepBack).toBe(false);
    expect(frame.tools.stepBack()).toBe(false);
    // Set and dragged in one: one gesture.
    frame.drag([
      { x: 25, y: 10 },
      { x: 25, y: 2 },
    ]);
    expect(frame.preview?.handles).toHaveLength(5);
    expect(frame.pixel(24, 4)).toBe(1);
    expect(frame.pixel(11, 8)).toBe(0);
    expect(await gestures()).toEqual(['move-vertex']);
  });

  it('are taken away with Alt and a click, and the line goes straight between their neighbours', async () => {
    const before = frame.mask;
    const { x, y } = handleNear(40, 10);
    frame.click(x, y, { alt: true });
    expect(frame.path).toBe('vertices.idle');
    expect(frame.preview?.handles).toHaveLength(3);
    const triangle = createMask(frameSize.width, frameSize.height);
    const ends = [handleNear(10, 10), handleNear(40, 36), handleNear(10, 36)];
    fillPolygon(triangle, ends, 1);
    expect(frame.mask.filter((value, index) => value !== triangle.data[index]).length).toBeLessThan(20);
    expect(await gestures()).toEqual(['remove-vertex']);
    frame.editor.undo();
    expect(frame.mask).toEqual(before);
    expect(frame.preview?.handles).toHaveLength(4);
  });

  it('are taken away with a key once they are chosen; of three nothing is left', () => {
    expect(frame.tools.remove()).toBe(false);
    for (const left of [3, 0]) {
      const { x, y } = frame.preview!.handles[0];
      frame.click(x, y);
      expect(frame.preview?.chosen).toEqual({ x, y });
      expect(frame.tools.remove()).toBe(true);
      expect(frame.preview?.handles.length ?? 0).toBe(left);
    }
    expect(frame.painted).toBe(0);
    expect(frame.tools.remove()).toBe(false);
    frame.editor.undo();
    expect(frame.preview?.handles).toHaveLength(3);
  });

  it('of a hole move its edge', () => {
    const mask = square();
    fillPolygon(
      mask,
      [
        { x: 20, y: 18 },
        { x: 30, y: 18 },
        { x: 30, y: 28 },
        { x: 20, y: 28 },
      ],
      0,
    );
    frame.openFrame('b', mask);
    expect(frame.preview?.handles).toHaveLength(8);
    const { x, y } = handleNear(30, 18);
    frame.drag([
      { x, y },
      { x: x + 5, y: y - 5 },
    ]);
    expect(frame.pixel(32, 15)).toBe(0);
    expect(frame.pixel(32, 30)).toBe(1);
    expect(frame.pixel(15, 15)).toBe(1);
  });

  it('are the corners of a polygon that was just closed', () => {
    frame.openFrame('b');
    frame.tools.select('polygon');
    const own = [
      [12, 12],
      [30, 11],
      [48, 13],
      [40, 40],
      [14, 38],
    ] as const;
    for (const [x, y] of own) frame.click(x, y);
    frame.tools.finish();
    expect(frame.path).toBe('vertices.idle');
    // The second corner too, which lies nearly on a straight line.
    expect(frame.preview?.handles).toHaveLength(5);
    for (const [x, y] of own) {
      const near = handleNear(x, y);
      expect(Math.hypot(near.x - x, near.y - y)).toBeLessThan(1.5);
    }
  });
});
