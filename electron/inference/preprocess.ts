// Owns the way from a frame to the network's input and the place of every model pixel in the frame.
import { AppError } from '../common/errors.ts';
import { inputSquare, type ResizeMode } from '../common/field-of-view.ts';
import type { ImageBox } from '../common/geometry.ts';
import type { Picture } from '../common/picture.ts';

/** How a model wants its input; a field of its manifest. */
export interface InputSpec {
  readonly channelOrder: 'gray' | 'rgb' | 'bgr';
  /** (sample * scale - mean) / std. */
  readonly scale: number;
  readonly mean: number;
  readonly std: number;
  readonly resize: ResizeMode;
  readonly interpolation: 'bilinear';
  /** The grey level, 0..255, of what lies outside the frame. */
  readonly padding: number;
  readonly localCrop: { readonly anchor: 'centered' | 'top-left'; readonly scale: number };
}

/** Where the model's square lies in the frame: image = origin + model * step, in pixels of the frame, corners at 0. */
export interface ModelFrame {
  readonly originX: number;
  readonly originY: number;
  readonly step: number;
  readonly side: number;
}

/** The square that the network sees: the whole frame, or with a box the local crop around it. */
export function placeModelFrame(
  spec: Pick<InputSpec, 'resize' | 'localCrop'>,
  { width, height }: { width: number; height: number },
  box: ImageBox | null,
  side: number,
): ModelFrame {
  if (box) {
    const extent = Math.max(box.width, box.height) * spec.localCrop.scale;
    if (!(extent > 0))
      throw new AppError('bad-input', `The box is ${box.width}×${box.height} pixels; it must have an area.`);
    const centered = spec.localCrop.anchor === 'centered';
    const originX = centered ? box.x + (box.width - extent) / 2 : box.x;
    const originY = centered ? box.y + (box.height - extent) / 2 : box.y;
    return { originX, originY, step: extent / side, side };
  }
  const square = inputSquare(spec.resize, { width, height });
  return { originX: square.x, originY: square.y, step: square.width / side, side };
}

/**
 * The network's input, (3, side, side), row-major. Bilinear; where the frame is shrunk the filter widens with it, so that nothing aliases.
 */
export function sampleInput(picture: Picture, frame: ModelFrame, spec: InputSpec): Float32Array {
  const { side } = frame;
  const planes = spec.channelOrder === 'gray' ? [toGray(picture)] : channelPlanes(picture, spec.channelOrder);
  const columns = resampleWeights(frame.originX, frame.step, side, picture.width);
  const rows = resampleWeights(frame.originY, frame.step, side, picture.height);
  const input = new Float32Array(3 * side * side);
  planes.forEach((plane, channel) => {
    const resampled = resamplePlane(plane, picture.width, columns, rows, spec.padding);
    const offset = channel * side * side;
    for (let i = 0; i < resampled.length; i += 1)
      input[offset + i] = (resampled[i] * spec.scale - spec.mean) / spec.std;
  });
  if (planes.length === 1) {
    input.copyWithin(side * side, 0, side * side);
    input.copyWithin(2 * side * side, 0, side * side);
  }
  return input;
}

/** Samples along one axis: the first begins at `origin`, each is `step` wide, in pixels of the frame. */
export interface SampleAxis {
  readonly origin: number;
  readonly step: number;
  readonly count: number;
}

/** Grey levels on a grid, (rows, columns), by the same filter as the network's input; wholly outside the frame is padding. */
export function sampleGrid(
  plane: Uint8Array,
  { width, height }: { width: number; height: number },
  columns: SampleAxis,
  rows: SampleAxis,
  padding: number,
): Float32Array {
  return resamplePlane(
    plane,
    width,
    resampleWeights(columns.origin, columns.step, columns.count, width),
    resampleWeights(rows.origin, rows.step, rows.count, height),
    padding,
  );
}

/** Location input: a copy with the box brightened by 10 % of full scale. */
export function highlightBox(picture: Picture, box: ImageBox): Picture {
  const { width, height, channels } = picture;
  const pixels = picture.pixels.slice();
  const [left, right] = [Math.max(0, Math.floor(box.x)), Math.min(width, Math.ceil(box.x + box.width))];
  const [top, bottom] = [Math.max(0, Math.floor(box.y)), Math.min(height, Math.ceil(box.y + box.height))];
  for (let y = top; y < bottom; y += 1) {
    for (let i = (y * width + left) * channels; i < (y * width + right) * channels; i += 1) {
      pixels[i] = Math.min(255, pixels[i] + 26);
    }
  }
  return { width, height, channels, pixels };
}

/** Luma (ITU-R BT.601) of colour frames; grey ones as they are. */
export function toGray({ width, height, channels, pixels }: Picture): Uint8Array {
  if (channels === 1) return pixels;
  const gray = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < gray.length; i += 1, j += 3) {
    gray[i] = (pixels[j] * 299 + pixels[j + 1] * 587 + pixels[j + 2] * 114 + 500) / 1000;
  }
  return gray;
}

function channelPlanes(picture: Picture, order: 'rgb' | 'bgr'): Uint8Array[] {
  const { width, height, channels, pixels } = picture;
  if (channels === 1) return [pixels, pixels, pixels];
  const planes = [0, 1, 2].map((channel) => {
    const plane = new Uint8Array(width * height);
    for (let i = 0; i < plane.length; i += 1) plane[i] = pixels[i * 3 + channel];
    return plane;
  });
  return order === 'rgb' ? planes : planes.reverse();
}

/** For one axis: which source pixels make each output pixel, and with what weights; weight that falls outside goes to the padding. */
interface AxisWeights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Float32Array;
  readonly outside: Float32Array;
  readonly width: number;
}

function resampleWeights(origin: number, step: number, samples: number, length: number): AxisWeights {
  const support = Math.max(1, step);
  const width = Math.ceil(2 * support) + 1;
  const axis = {
    first: new Int32Array(samples),
    count: new Int32Array(samples),
    weights: new Float32Array(samples * width),
    outside: new Float32Array(samples),
    width,
  };
  for (let i = 0; i < samples; i += 1) {
    const center = origin + (i + 0.5) * step;
    const from = Math.ceil(center - support - 0.5);
    const to = Math.floor(center + support - 0.5);
    let total = 0;
    for (let j = from; j <= to; j += 1) total += Math.max(0, 1 - Math.abs(j + 0.5 - center) / support);
    // The border pixel stands for the half pixel beyond it; only what lies wholly outside is padding.
    const isOutside = center < 0 || center > length;
    axis.first[i] = Math.max(0, from);
    if (isOutside) {
      axis.outside[i] = 1;
      continue;
    }
    let inside = 0;
    for (let j = axis.first[i]; j <= Math.min(length - 1, to); j += 1) {
      const weight = Math.max(0, 1 - Math.abs(j + 0.5 - center) / support) / total;
      axis.weights[i * width + axis.count[i]] = weight;
      axis.count[i] += 1;
      inside += weight;
    }
    for (let j = 0; j < axis.count[i]; j += 1) axis.weights[i * width + j] /= inside;
  }
  return axis;
}

function resamplePlane(
  plane: Uint8Array,
  stride: number,
  columns: AxisWeights,
  rows: AxisWeights,
  padding: number,
): Float32Array {
  const across = columns.first.length;
  const down = rows.first.length;
  const output = new Float32Array(across * down).fill(padding);
  const height = plane.length / stride;
  const narrowed = new Float32Array(height * across);
  const { first, count, weights, width } = columns;
  const [firstRow, endRow] = rowsInUse(rows, height);
  for (let y = firstRow; y < endRow; y += 1) {
    const line = y * stride;
    for (let i = 0; i < across; i += 1) {
      let sum = 0;
      const start = line + first[i];
      const weightStart = i * width;
      const terms = count[i];
      for (let j = 0; j < terms; j += 1) sum += plane[start + j] * weights[weightStart + j];
      narrowed[y * across + i] = sum;
    }
  }
  const sums = new Float64Array(across);
  for (let row = 0; row < down; row += 1) {
    if (rows.outside[row]) continue;
    sums.fill(0);
    for (let j = 0; j < rows.count[row]; j += 1) {
      const line = (rows.first[row] + j) * across;
      const weight = rows.weights[row * rows.width + j];
      for (let i = 0; i < across; i += 1) sums[i] += narrowed[line + i] * weight;
    }
    for (let i = 0; i < across; i += 1) if (!columns.outside[i]) output[row * across + i] = sums[i];
  }
  return output;
}

/** The rows of the frame, from and before, that any output row is made of. */
function rowsInUse({ first, count, outside }: AxisWeights, height: number): readonly [number, number] {
  let from = height;
  let end = 0;
  for (let i = 0; i < first.length; i += 1) {
    if (outside[i]) continue;
    from = Math.min(from, first[i]);
    end = Math.max(end, first[i] + count[i]);
  }
  return [from, end];
}
