import { describe, expect, it } from 'vitest';
import { croppedView, inputSquare } from '../../electron/common/field-of-view.ts';

describe('what a network sees of a frame', () => {
  it('is all of it in a letterbox, which reaches beyond it', () => {
    expect(inputSquare('letterbox', { width: 640, height: 480 })).toEqual({ x: 0, y: -80, width: 640, height: 640 });
    expect(croppedView('letterbox', { width: 640, height: 480 })).toBeNull();
  });

  it('is the square in the middle where it is cropped', () => {
    expect(croppedView('center-crop', { width: 640, height: 480 })).toEqual({ x: 80, y: 0, width: 480, height: 480 });
    expect(croppedView('center-crop', { width: 301, height: 400 })).toEqual({ x: 0, y: 49.5, width: 301, height: 301 });
    expect(croppedView('center-crop', { width: 224, height: 224 })).toBeNull();
  });
});
