import { beforeEach, describe, expect, it } from 'vitest';
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { dragHandle, shapeOf } from '../../../renderer/tools/measure/shapes.ts';
import { ToolboxOnFrame } from '../support/toolbox.ts';

let frame: ToolboxOnFrame;

beforeEach(() => {
  frame = new ToolboxOnFrame();
});

const at = (x: number, y: number): ImagePoint => ({ x, y });
const near = (points: readonly ImagePoint[]) =>
  points.map(({ x, y }) => ({ x: expect.closeTo(x, 6), y: expect.closeTo(y, 6) }));

describe('the caliper', () => {
  beforeEach(() => frame.tools.select('caliper'));

  it('measures from where the drag began to where it ended, and shows it meanwhile', () => {
    frame.down(10, 10);
    expect(frame.path).toBe('caliper.placing');
    frame.move(30, 20);
    expect(frame.draft).toEqual({ shape: { kind: 'length', points: [at(10, 10), at(30, 20)] }, replaces: null });
    expect(frame.saved).toEqual([]);
    frame.up(40, 10);
    expect(frame.path).toBe('caliper.idle');
    expect(frame.draft).toBeNull();
    expect(frame.saved).toEqual([{ shape: { kind: 'length', points: [at(10, 10), at(40, 10)] }, trackingUID: null }]);
    expect(frame.editor.canUndo).toBe(false);
  });

  it('measures between two clicks, following the pointer in between', () => {
    frame.down(10, 10);
    frame.up(10, 10);
    expect(frame.path).toBe('caliper.placing');
    frame.hover(20, 30);
    expect(frame.draft?.shape.points).toEqual([at(10, 10), at(20, 30)]);
    frame.down(20, 40);
    frame.up(20, 40);
    expect(frame.saved).toMatchObject([{ shape: { points: [at(10, 10), at(20, 40)] } }]);
  });

  it('stays inside the frame', () => {
    frame.down(10, 10);
    frame.up(500, -3);
    const [, end] = frame.saved[0].shape.points;
    expect(end.x).toBeCloseTo(64, 2);
    expect(end.x).toBeLessThan(64);
    expect(end.y).toBe(0);
  });

  it('keeps nothing of a slip, a cancelled drag or a step back to its beginning', () => {
    frame.down(10, 10);
    frame.up(10, 10);
    frame.down(10.2, 10);
    frame.up(10.2, 10);
    frame.down(10, 10);
    frame.move(30, 30);
    expect(frame.tools.cancel()).toBe(true);
    expect(frame.path).toBe('caliper.idle');
    frame.down(10, 10);
    frame.up(10, 10);
    expect(frame.tools.stepBack()).toBe(true);
    expect(frame.path).toBe('caliper.idle');
    expect(frame.saved).toEqual([]);
    expect(frame.draft).toBeNull();
  });

  it('lets the view be moved in the middle of it', () => {
    frame.down(10, 10);
    frame.up(10, 10);
    frame.down(5, 5, { pan: true });
    frame.move(9, 9);
    frame.up(9, 9);
    expect(frame.pans).toHaveLength(1);
    expect(frame.path).toBe('caliper.placing');
    frame.down(30, 10);
    frame.up(30, 10);
    expect(frame.saved).toMatchObject([{ shape: { points: [at(10, 10), at(30, 10)] } }]);
  });
});

describe('a measurement that is there', () => {
  const length = { kind: 'length', points: [at(10, 10), at(40, 10)] } as const;

  beforeEach(() => {
    frame.tools.select('caliper');
    frame.measurements = [{ trackingUID: 'one', shape: length }];
  });

  it('is changed by its handles', () => {
    frame.down(41, 11);
    expect(frame.path).toBe('caliper.moving');
    expect(frame.selected).toBe('one');
    frame.move(45, 20);
    expect(frame.draft).toEqual({ shape: { kind: 'length', points: [at(10, 10), at(45, 20)] }, replaces: 'one' });
    frame.up(45, 20);
    expect(frame.saved).toEqual([{ shape: { kind: 'length', points: [at(10, 10), at(45, 20)] }, trackingUID: 'one' }]);
    expect(frame.draft).toBeNull();
  });

  it('is only chosen by a click on a handle, and stays where a drag is cancelled', () => {
    frame.down(10, 10);
    frame.up(10, 10);
    expect(frame.selected).toBe('one');
    frame.down(10, 10);
    frame.move(0, 0);
    frame.tools.cancel();
    expect(frame.draft).toBeNull();
    expect(frame.saved).toEqual([]);
  });

  it('is no longer chosen where another begins', () => {
    frame.selected = 'one';
    frame.down(25, 30);
    expect(frame.selected).toBeNull();
    expect(frame.path).toBe('caliper.placing');
  });
});

describe('the ellipse', () => {
  beforeEach(() => frame.tools.select('ellipse'));

  it('has its first axis from a drag and its width from a click', () => {
    frame.down(10, 20);
    frame.up(50, 20);
    expect(frame.path).toBe('ellipse.placing');
    frame.hover(30, 26);
    expect(frame.draft?.shape.kind).toBe('ellipse');
    frame.down(20, 30);
    frame.up(20, 30);
    expect(frame.saved[0].shape).toEqual({
      kind: 'ellipse',
      points: near([at(10, 20), at(50, 20), at(30, 10), at(30, 30)]),
    });
  });

  it('turns and stretches by its handles about its own middle, and its width stays', () => {
    const shape = shapeOf('ellipse', [at(10, 20), at(50, 20), at(30, 30)], 1)!;
    const turned = dragHandle(shape, 1, at(10, 60), 1);
    expect(turned.points).toEqual(near([at(10, 20), at(10, 60), at(20, 40), at(0, 40)]));
    const wider = dragHandle(shape, 3, at(44, 38), 1);
    expect(wider.points).toEqual(near([at(10, 20), at(50, 20), at(30, 2), at(30, 38)]));
  });

  it('has axes at right angles on the screen where pixels are not square', () => {
    const { points } = shapeOf('ellipse', [at(10, 10), at(30, 20), at(30, 30)], 2)!;
    const [ax, ay] = [points[1].x - points[0].x, (points[1].y - points[0].y) * 2];
    const [bx, by] = [points[3].x - points[2].x, (points[3].y - points[2].y) * 2];
    expect(ax * bx + ay * by).toBeCloseTo(0, 9);
  });
});

describe('the angle', () => {
  it('has its vertex between both arms, and steps back to the first', () => {
    frame.tools.select('angle');
    frame.down(40, 10);
    frame.move(20, 10);
    expect(frame.draft?.shape).toEqual({ kind: 'length', points: [at(40, 10), at(20, 10)] });
    frame.up(10, 10);
    expect(frame.path).toBe('angle.placing');
    frame.hover(12, 30);
    expect(frame.draft?.shape.points).toEqual([at(40, 10), at(10, 10), at(12, 30)]);
    expect(frame.tools.stepBack()).toBe(true);
    frame.down(20, 10);
    frame.up(20, 10);
    frame.down(20, 40);
    frame.up(20, 40);
    expect(frame.saved).toEqual([
      { shape: { kind: 'angle', points: [at(40, 10), at(20, 10), at(20, 40)] }, trackingUID: null },
    ]);
  });
});
