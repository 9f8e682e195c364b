// Owns how the timeline draws the marks of frames: each kind by its colour and by its shape, from a few frames to a thousand.
import type { FrameMark } from './review-mark.tsx';

/** Where a kind of mark stands in the height of the timeline (0..1 from the top), and in which colour of the theme. */
const shapes: Readonly<
  Record<FrameMark, { readonly parts: readonly (readonly [number, number])[]; readonly color: string }>
> = {
  // The whole height; its upper half; both ends with a gap; a low stub; a stub that hangs.
  accepted: { parts: [[0.08, 0.92]], color: '--good' },
  edited: { parts: [[0.08, 0.55]], color: '--accent' },
  absent: {
    parts: [
      [0.08, 0.3],
      [0.7, 0.92],
    ],
    color: '--absent',
  },
  proposed: { parts: [[0.66, 0.92]], color: '--proposed' },
  learn: { parts: [[0.08, 0.34]], color: '--learn' },
};

/** Draws one mark a frame over the canvas's own CSS size; null draws a dot of the axis. */
export function drawTimelineMarks(canvas: HTMLCanvasElement, marks: readonly (FrameMark | null)[]): void {
  const ratio = window.devicePixelRatio;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = Math.round(clientWidth * ratio);
  canvas.height = Math.round(clientHeight * ratio);
  const context = canvas.getContext('2d');
  if (!context || marks.length === 0) return;
  const style = getComputedStyle(canvas);
  const step = canvas.width / marks.length;
  // Neighbours touch where there are many, and are apart where there are few.
  const thickness = Math.max(1, Math.min(4 * ratio, step > 3 * ratio ? step * 0.55 : step));
  context.fillStyle = style.getPropertyValue('--line');
  context.fillRect(0, Math.round(canvas.height / 2) - ratio, canvas.width, 2 * ratio);
  marks.forEach((mark, index) => {
    const left = Math.round((index + 0.5) * step - thickness / 2);
    if (mark === null) {
      if (step < 5 * ratio) return;
      context.fillStyle = style.getPropertyValue('--dim');
      context.fillRect(Math.round((index + 0.5) * step - ratio / 2), canvas.height / 2 - 2 * ratio, ratio, 4 * ratio);
      return;
    }
    const { parts, color } = shapes[mark];
    context.fillStyle = style.getPropertyValue(color);
    for (const [top, bottom] of parts) {
      context.fillRect(left, top * canvas.height, Math.ceil(thickness), (bottom - top) * canvas.height);
    }
  });
}
