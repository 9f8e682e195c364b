// Owns pictures as the canvas shows them: brightness and contrast are applied once for each window, and the picture that comes of it is what
// is drawn, however often the view moves.
import { applyTable, type GreyWindow, sameWindow, wholeWindow, windowTable } from '../editor/grey/grey-window.ts';

/** The picture of one frame at a time, as its window shows it. */
export class WindowedPicture {
  /** Two, written in turn: whoever draws them sees by the object that there is something new. */
  private readonly canvases = [document.createElement('canvas'), document.createElement('canvas')] as const;
  private turn: 0 | 1 = 0;
  private source: ImageBitmap | null = null;
  private pixels: ImageData | null = null;
  private shown: { readonly source: ImageBitmap; readonly window: GreyWindow } | null = null;

  /** What is to be drawn for a picture: itself where every grey value is shown as stored. */
  of(source: ImageBitmap, window: GreyWindow): ImageBitmap | HTMLCanvasElement {
    if (sameWindow(window, wholeWindow)) return source;
    if (this.shown?.source === source && sameWindow(this.shown.window, window)) return this.canvases[this.turn];
    this.turn = this.turn === 0 ? 1 : 0;
    const canvas = this.canvases[this.turn];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return source;
    canvas.width = source.width;
    canvas.height = source.height;
    if (this.source !== source || !this.pixels) {
      context.drawImage(source, 0, 0);
      this.pixels = context.getImageData(0, 0, source.width, source.height);
      this.source = source;
    }
    const { data, width, height } = this.pixels;
    const target = new ImageData(width, height);
    applyTable(new Uint32Array(data.buffer), new Uint32Array(target.data.buffer), windowTable(window));
    context.putImageData(target, 0, 0);
    this.shown = { source, window };
    return canvas;
  }
}

/** Reads single pixels of pictures. */
export class PixelReader {
  private readonly context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

  /** Red, green and blue of the pixel of a column and a row, or null where there is none. */
  read(image: ImageBitmap, column: number, row: number): readonly [number, number, number] | null {
    // A picture that was let go meanwhile has no size.
    if (!this.context || column < 0 || row < 0 || column >= image.width || row >= image.height) return null;
    this.context.drawImage(image, column, row, 1, 1, 0, 0, 1, 1);
    const [red, green, blue] = this.context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  }
}
