import { beforeEach, describe, expect, it } from 'vitest';
import { wholeWindow } from '../../../renderer/editor/grey/grey-window.ts';
import { ToolboxOnFrame } from '../support/toolbox.ts';

let frame: ToolboxOnFrame;

beforeEach(() => {
  frame = new ToolboxOnFrame();
});

describe('brightness and contrast by hand', () => {
  it('go up with the pointer, contrast to the right, and change nothing of the document', () => {
    frame.tools.select('window');
    frame.down(10, 30);
    expect(frame.path).toBe('window.adjusting');
    frame.move(10, 10);
    expect(frame.window.center).toBeLessThan(wholeWindow.center);
    expect(frame.window.width).toBe(wholeWindow.width);
    frame.move(30, 30);
    expect(frame.window.center).toBe(wholeWindow.center);
    expect(frame.window.width).toBeLessThan(wholeWindow.width);
    frame.up(30, 30);
    expect(frame.path).toBe('window.idle');
    expect(frame.editor.canUndo).toBe(false);
  });

  it('are as before where the drag is cancelled', () => {
    frame.tools.select('window');
    frame.down(10, 30);
    frame.move(40, 10);
    expect(frame.tools.cancel()).toBe(true);
    expect(frame.window).toEqual(wholeWindow);
  });

  it('are borrowed with the right button, and the brush is back afterwards', () => {
    frame.tools.pointerDown({ image: { x: 5, y: 5 }, canvas: { x: 10, y: 10 } }, { window: true });
    expect(frame.path).toBe('window.adjusting');
    expect(frame.tools.selectedId).toBe('brush');
    frame.move(5, 20);
    expect(frame.window.center).toBeGreaterThan(wholeWindow.center);
    frame.up(5, 20);
    expect(frame.path).toBe('brush.idle');
    expect(frame.painted).toBe(0);
  });

  it('follow the screen where the view is turned', () => {
    frame.tools.select('window');
    const at = (x: number, y: number) => ({ image: { x: 0, y: 0 }, canvas: { x: 0, y: 0 }, screen: { x, y } });
    frame.tools.pointerDown(at(50, 50), {});
    frame.tools.pointerMove(at(50, 20));
    expect(frame.window.center).toBeLessThan(wholeWindow.center);
  });
});
