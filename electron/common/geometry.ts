// Owns the coordinate systems. Each has a brand of its own, so that a canvas point is never taken for an image point.

declare const space: unique symbol;

/** Pixels of the original image: x = column, y = row; (0, 0) is the outer corner of the first pixel, (0.5, 0.5) its centre. */
export interface ImagePoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: 'image';
}

/** CSS pixels on the canvas. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: 'canvas';
}

/** Pixels of the network's square input. */
export interface ModelPoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: 'model';
}

/** An axis-aligned box in image pixels; x and y are the upper left corner, sizes are positive. */
export interface ImageBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
