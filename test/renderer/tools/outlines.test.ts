import { beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../electron/nn/random.ts';
import { GreyPicture } from '../../../renderer/editor/grey/grey-picture.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { ToolboxOnFrame } from '../support/toolbox.ts';

let frame: ToolboxOnFrame;

/** A dark disc of radius 14 around (32, 24) on bright speckle. */
function roundPicture(): GreyPicture {
  const random = createRandom(11);
  const { width, height } = frameSize;
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const away = Math.hypot((i % width) + 0.5 - 32, Math.floor(i / width) + 0.5 - 24);
    return (away < 14 ? 40 : 180) + random.next() * 30;
  });
  return new GreyPicture(width, height, data);
}

beforeEach(() => {
  frame = new ToolboxOnFrame();
});

describe('the polygon', () => {
  beforeEach(() => frame.tools.select('polygon'));

  it('is drawn click by click, shown meanwhile, and filled as one gesture where it closes', async () => {
    expect(frame.path).toBe('polygon.idle');
    frame.down(10, 10);
    expect(frame.path).toBe('polygon.pointing');
    frame.up(10, 10);
    expect(frame.path).toBe('polygon.placing');
    frame.click(30, 10);
    frame.click(30, 30);
    frame.hover(12, 28);
    expect(frame.preview?.handles).toHaveLength(3);
    expect(frame.preview?.lines[1].points[1]).toEqual({ x: 12, y: 28 });
    expect(frame.painted).toBe(0);
    frame.click(10, 30);
    frame.click(10.5, 10.5);
    // Its corners stay in the hand.
    expect(frame.path).toBe('vertices.idle');
    expect(frame.preview?.lines).toEqual([]);
    expect(frame.painted).toBe(400);
    expect(frame.pixel(10, 10)).toBe(1);
    await frame.editor.saves.whenSettled();
    expect(frame.api.revisions.map((one) => one.gesture)).toEqual(['polygon']);
    frame.editor.undo();
    expect(frame.painted).toBe(0);
    frame.editor.redo();
    expect(frame.painted).toBe(400);
  });

  it('closes with a double click at its last corner, and with Enter', () => {
    frame.click(10, 10);
    frame.click(30, 10);
    frame.doubleClick(30, 30);
    expect(frame.path).toBe('vertices.idle');
    expect(frame.painted).toBeGreaterThan(180);
    frame.tools.select('polygon');
    frame.click(40, 10);
    frame.click(50, 10);
    expect(frame.tools.finish()).toBe(false);
    frame.click(50, 20);
    expect(frame.tools.finish()).toBe(true);
    expect(frame.pixel(48, 12)).toBe(1);
  });

  it('lets a corner be dragged, the first one too, and a new one where it is set', () => {
    frame.click(10, 10);
    frame.drag([
      { x: 30, y: 12 },
      { x: 30, y: 10 },
    ]);
    frame.click(30, 30);
    frame.click(12, 30);
    frame.drag([
      { x: 12, y: 30 },
      { x: 10, y: 30 },
    ]);
    frame.drag([
      { x: 10, y: 10 },
      { x: 20, y: 10 },
    ]);
    expect(frame.path).toBe('polygon.placing');
    expect(frame.preview?.handles).toEqual([
      { x: 20, y: 10 },
      { x: 30, y: 10 },
      { x: 30, y: 30 },
      { x: 10, y: 30 },
    ]);
    frame.tools.finish();
    expect(frame.painted).toBe(300);
  });

  it('takes its corners back one by one, to nothing, before any undo is meant', () => {
    frame.click(10, 10);
    frame.click(30, 10);
    expect(frame.tools.stepBack()).toBe(true);
    expect(frame.preview?.handles).toEqual([{ x: 10, y: 10 }]);
    expect(frame.tools.stepBack()).toBe(true);
    expect(frame.path).toBe('polygon.idle');
    expect(frame.preview).toBeNull();
    expect(frame.tools.stepBack()).toBe(false);
  });

  it.each(['placing', 'pointing'])('leaves no trace when it is cancelled while %s', (state) => {
    frame.click(10, 10);
    frame.click(30, 10);
    if (state === 'pointing') frame.down(30, 30);
    expect(frame.path).toBe(`polygon.${state}`);
    expect(frame.tools.cancel()).toBe(true);
    expect(frame.path).toBe('polygon.idle');
    expect(frame.preview).toBeNull();
    expect(frame.editor.canUndo).toBe(false);
    frame.click(40, 40);
    expect(frame.preview?.handles).toEqual([{ x: 40, y: 40 }]);
  });

  it('takes away where Alt was held at its first click', () => {
    frame.openFrame('b', disc(32, 24, 20));
    const before = frame.painted;
    frame.click(22, 14, { alt: true });
    frame.click(42, 14);
    frame.click(42, 34);
    expect(frame.preview?.lines[0].tone).toBe('subtract');
    frame.click(22, 34);
    frame.tools.finish();
    expect(frame.painted).toBe(before - 400);
    frame.editor.undo();
    expect(frame.painted).toBe(before);
  });

  it('stays while the view is moved in between', () => {
    frame.click(10, 10);
    frame.click(30, 10);
    frame.down(5, 5, { pan: true });
    expect(frame.path).toBe('select.panning');
    frame.move(9, 5);
    frame.up(9, 5);
    expect(frame.path).toBe('polygon.placing');
    frame.click(30, 30);
    frame.tools.finish();
    expect(frame.painted).toBeGreaterThan(150);
  });

  it('is gone with the tool', () => {
    frame.click(10, 10);
    frame.tools.select('brush');
    expect(frame.preview).toBeNull();
    frame.tools.select('polygon');
    expect(frame.path).toBe('polygon.idle');
  });
});

describe('the outline drawn in one go', () => {
  const square = [
    { x: 10, y: 10 },
    { x: 30, y: 10 },
    { x: 30, y: 30 },
    { x: 10, y: 30 },
  ];
  beforeEach(() => frame.tools.select('outline'));

  it('closes where the pointer goes up, and is filled as one gesture', () => {
    frame.down(10, 10);
    expect(frame.path).toBe('outline.pointing');
    for (const { x, y } of square.slice(1)) frame.move(x, y);
    expect(frame.path).toBe('outline.drawing');
    expect(frame.preview?.lines[0].closed).toBe(true);
    frame.up(10, 30);
    expect(frame.path).toBe('outline.idle');
    expect(frame.preview).toBeNull();
    // The way from the pointer down to the first move is part of it.
    expect(frame.painted).toBe(400);
    frame.editor.undo();
    expect(frame.painted).toBe(0);
    frame.editor.redo();
    expect(frame.painted).toBe(400);
  });

  it('takes away with Alt, and does nothing for a click', () => {
    frame.openFrame('b', disc(32, 24, 20));
    const before = frame.painted;
    frame.click(30, 20);
    expect(frame.editor.canUndo).toBe(false);
    frame.drag(
      [
        { x: 25, y: 20 },
        { x: 35, y: 20 },
        { x: 35, y: 30 },
        { x: 25, y: 30 },
      ],
      { alt: true },
    );
    expect(frame.painted).toBe(before - 100);
  });

  it('leaves no trace when it is cancelled', () => {
    frame.down(10, 10);
    frame.move(30, 10);
    frame.move(30, 30);
    frame.tools.cancel();
    expect(frame.path).toBe('outline.idle');
    expect(frame.preview).toBeNull();
    expect(frame.editor.canUndo).toBe(false);
    frame.up(30, 30);
    expect(frame.painted).toBe(0);
  });
});

describe('the smart edge', () => {
  beforeEach(() => {
    frame.grey = roundPicture();
    frame.tools.select('livewire');
  });

  it('follows the rim between clicks, and closes along it at its first anchor', () => {
    frame.down(18, 24);
    expect(frame.path).toBe('livewire.pointing');
    frame.up(18, 24);
    expect(frame.path).toBe('livewire.placing');
    frame.click(32, 10);
    frame.hover(46, 24);
    const live = frame.preview!.lines.at(-1)!.points;
    expect(live.length).toBeGreaterThan(12);
    for (const { x, y } of live) expect(Math.abs(Math.hypot(x - 32, y - 24) - 14)).toBeLessThan(3);
    frame.click(46, 24);
    frame.click(32, 38);
    expect(frame.painted).toBe(0);
    frame.click(18, 24);
    expect(frame.path).toBe('livewire.idle');
    expect(frame.preview).toBeNull();
    const target = disc(32, 24, 14).data;
    const wrong = frame.mask.reduce((sum, value, index) => sum + (value ^ target[index]), 0);
    expect(wrong).toBeLessThan(0.12 * frame.painted);
    frame.editor.undo();
    expect(frame.painted).toBe(0);
    frame.editor.redo();
    expect(frame.painted).toBeGreaterThan(500);
  });

  it('closes with Enter or a double click, and takes away with Alt', () => {
    frame.openFrame('b', disc(32, 24, 22));
    const before = frame.painted;
    frame.click(18, 24, { alt: true });
    expect(frame.tools.finish()).toBe(false);
    frame.click(32, 10);
    frame.click(46, 24);
    frame.doubleClick(32, 38);
    expect(frame.path).toBe('livewire.idle');
    expect(before - frame.painted).toBeGreaterThan(500);
  });

  it('takes its anchors back one by one, and leaves no trace when it is cancelled', () => {
    frame.click(18, 24);
    frame.click(32, 10);
    frame.click(46, 24);
    frame.tools.stepBack();
    expect(frame.preview?.handles).toHaveLength(2);
    frame.tools.cancel();
    expect(frame.path).toBe('livewire.idle');
    expect(frame.preview).toBeNull();
    expect(frame.editor.canUndo).toBe(false);
    frame.click(18, 24);
    frame.tools.stepBack();
    expect(frame.path).toBe('livewire.idle');
  });

  it('does not begin before the picture is there', () => {
    frame.grey = null;
    frame.down(18, 24);
    expect(frame.path).toBe('livewire.idle');
    frame.up(18, 24);
    expect(frame.preview).toBeNull();
  });
});
