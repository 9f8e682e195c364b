import { beforeEach, describe, expect, it } from 'vitest';
import type { ImageBox } from '../../../electron/common/geometry.ts';
import { countMaskPixels } from '../../../electron/common/mask.ts';
import { Editor } from '../../../renderer/editor/editor.ts';
import { Toolbox } from '../../../renderer/tools/index.ts';
import type { ToolPointer } from '../../../renderer/tools/tool.ts';
import { frameSize, ScriptedApi } from '../support/scripted-api.ts';

let editor: Editor;
let tools: Toolbox;
let pans: [number, number][];
let boxes: ImageBox[];
let preview: ImageBox | null;

/** The canvas shows the image at twice its size. */
function at(x: number, y: number): ToolPointer {
  return { image: { x, y }, canvas: { x: 2 * x, y: 2 * y } };
}

const down = (x: number, y: number, pan = false) => tools.pointerDown(at(x, y), { pan });
const move = (x: number, y: number) => tools.pointerMove(at(x, y));
const up = (x: number, y: number) => tools.pointerUp(at(x, y));
const painted = () => countMaskPixels(editor.document!.mask);
const pixel = (x: number, y: number) => editor.document!.mask.data[y * frameSize.width + x];

beforeEach(() => {
  const api = new ScriptedApi();
  editor = new Editor(api);
  editor.open({ frameId: 'a', labelId: 'lesion', ...frameSize, revision: null, proposal: null });
  pans = [];
  boxes = [];
  preview = null;
  tools = new Toolbox({
    editor,
    brushRadius: () => 3,
    panBy: (dx, dy) => pans.push([dx, dy]),
    previewBox: (box) => (preview = box),
    proposeInBox: (box) => boxes.push(box),
  });
});

describe('the brush', () => {
  it('goes from idle to pointing to drawing and back, and paints without gaps', () => {
    expect(tools.path).toBe('brush.idle');
    down(10, 10);
    expect(tools.path).toBe('brush.pointing');
    move(40, 10);
    expect(tools.path).toBe('brush.drawing');
    move(40, 40);
    up(40, 40);
    expect(tools.path).toBe('brush.idle');
    for (let x = 10; x <= 40; x += 1) expect(pixel(x, 10)).toBe(1);
    for (let y = 10; y <= 40; y += 1) expect(pixel(40, y)).toBe(1);
    editor.undo();
    expect(painted()).toBe(0);
    editor.redo();
    expect(pixel(25, 10)).toBe(1);
  });

  it('paints one dot for a click', () => {
    down(10, 10);
    up(10, 10);
    expect(tools.path).toBe('brush.idle');
    expect(pixel(10, 10)).toBe(1);
    expect(painted()).toBeGreaterThan(20);
    expect(editor.canUndo).toBe(true);
  });

  it.each(['pointing', 'drawing'])('rewinds when it is cancelled while %s', (state) => {
    down(10, 10);
    if (state === 'drawing') move(20, 10);
    expect(tools.path).toBe(`brush.${state}`);
    expect(tools.cancel()).toBe(true);
    expect(tools.path).toBe('brush.idle');
    expect(painted()).toBe(0);
    expect(editor.canUndo).toBe(false);
    move(30, 30);
    up(30, 30);
    expect(painted()).toBe(0);
  });

  it('does nothing where no document is open', () => {
    editor.close();
    down(10, 10);
    expect(tools.path).toBe('brush.idle');
  });

  it('cancels its stroke when another tool is chosen in the middle of it', () => {
    down(10, 10);
    move(20, 10);
    tools.select('eraser');
    expect(tools.path).toBe('eraser.idle');
    expect(painted()).toBe(0);
  });
});

describe('the eraser', () => {
  it('has the same states and takes pixels away, as one undo', () => {
    down(10, 10);
    move(40, 10);
    up(40, 10);
    const before = painted();
    tools.select('eraser');
    down(25, 10);
    expect(tools.path).toBe('eraser.pointing');
    move(26, 10);
    expect(tools.path).toBe('eraser.drawing');
    up(26, 10);
    expect(pixel(25, 10)).toBe(0);
    expect(painted()).toBeLessThan(before);
    editor.undo();
    expect(painted()).toBe(before);
  });
});

describe('looking around', () => {
  it('moves the view by what the pointer moved, and the document not at all', () => {
    tools.select('select');
    down(10, 10);
    expect(tools.path).toBe('select.panning');
    move(15, 12);
    move(20, 12);
    up(20, 12);
    expect(pans).toEqual([
      [10, 4],
      [10, 0],
    ]);
    expect(tools.path).toBe('select.idle');
    expect(editor.canUndo).toBe(false);
  });

  it('goes back to where it began when it is cancelled', () => {
    tools.select('select');
    down(10, 10);
    move(15, 12);
    tools.cancel();
    expect(pans.reduce(([x, y], [dx, dy]) => [x + dx, y + dy], [0, 0])).toEqual([0, 0]);
  });

  it('is borrowed with space or the middle button, and the brush is back afterwards', () => {
    down(10, 10, true);
    expect(tools.path).toBe('select.panning');
    expect(tools.selectedId).toBe('brush');
    move(20, 10);
    up(20, 10);
    expect(tools.path).toBe('brush.idle');
    expect(painted()).toBe(0);
  });
});

describe('the box', () => {
  it('asks for the target that was dragged around, from any corner, and shows it meanwhile', () => {
    tools.select('box');
    down(40, 30);
    expect(tools.path).toBe('box.pointing');
    move(30, 30);
    move(10, 8);
    expect(tools.path).toBe('box.drawing');
    expect(preview).toEqual({ x: 10, y: 8, width: 30, height: 22 });
    up(10, 8);
    expect(boxes).toEqual([{ x: 10, y: 8, width: 30, height: 22 }]);
    expect(preview).toBeNull();
    expect(tools.path).toBe('box.idle');
    expect(editor.canUndo).toBe(false);
  });

  it('is clipped to the frame', () => {
    tools.select('box');
    down(50, 40);
    move(60, 44);
    up(500, 400);
    expect(boxes).toEqual([{ x: 50, y: 40, width: 14, height: 8 }]);
  });

  it('asks for nothing for a click, a slip or a cancelled drag', () => {
    tools.select('box');
    down(10, 10);
    up(10, 10);
    down(10, 10);
    move(12, 30);
    up(12, 30);
    down(10, 10);
    move(40, 40);
    tools.cancel();
    expect(boxes).toEqual([]);
    expect(preview).toBeNull();
    expect(tools.path).toBe('box.idle');
  });
});
