// Owns what the network makes of one square of a frame, and of a second one at what it found in the first: one way for proposals, for the
// measurement of models and for synchronization, so that what is measured is what a reader gets.
import type { ImageBox } from '../common/geometry.ts';
import type { Picture } from '../common/picture.ts';
import type { Mode, Prompts } from '../common/prompts.ts';
import type { Features, NetworkRunner, Projections } from './network-runner.ts';
import { logOdds, mirrorRows } from './postprocess.ts';
import { highlightBox, placeModelFrame, sampleInput, type InputSpec, type ModelFrame } from './preprocess.ts';
import { secondLookBox } from './second-look.ts';
import { withoutSpecks } from './specks.ts';

/** How frames are read. */
export interface FrameReader {
  readonly runner: NetworkRunner;
  readonly spec: InputSpec;
  /**
   * Whether the first look is the mean over the square and its mirror image: what one of them overlooks or takes for the structure, the other
   * seldom does. A second look knows the place and is straight.
   */
  readonly flip: boolean;
}

/** What is looked at: the whole frame, the crop around a box, or the whole frame with the box brightened. */
export interface Square {
  readonly mode: Mode;
  /** In pixels of the frame. Of local and location only; null sees the whole frame. */
  readonly box: ImageBox | null;
  /** Whether its mirror image is looked at too. */
  readonly mirrored: boolean;
}

export interface EncodedSquare {
  readonly mode: Mode;
  readonly frame: ModelFrame;
  /** Of the square and, where both are wanted, of its mirror image. */
  readonly views: readonly Features[];
}

export interface Look extends EncodedSquare {
  /** (side, side) log-odds of the structure, without specks. */
  readonly odds: Float32Array;
}

/** Where a square lies in a frame of this size. */
export function placeSquare(
  { runner, spec }: Pick<FrameReader, 'runner' | 'spec'>,
  size: { readonly width: number; readonly height: number },
  { mode, box }: Pick<Square, 'mode' | 'box'>,
): ModelFrame {
  return placeModelFrame(spec, size, mode === 'local' ? box : null, runner.network.config.imageSize);
}

/** What the encoder makes of a square, or of its mirror image. */
export async function encodeView(
  { runner, spec }: Pick<FrameReader, 'runner' | 'spec'>,
  picture: Picture,
  { mode, box }: Pick<Square, 'mode' | 'box'>,
  isMirrored: boolean,
): Promise<Features> {
  const frame = placeSquare({ runner, spec }, picture, { mode, box });
  const input = sampleInput(mode === 'location' && box ? highlightBox(picture, box) : picture, frame, spec);
  return runner.encode(isMirrored ? mirrorRows(input, frame.side) : input);
}

export async function encodeSquare(
  reader: Pick<FrameReader, 'runner' | 'spec'>,
  picture: Picture,
  square: Square,
): Promise<EncodedSquare> {
  const views = [await encodeView(reader, picture, square, false)];
  if (square.mirrored) views.push(await encodeView(reader, picture, square, true));
  return { mode: square.mode, frame: placeSquare(reader, picture, square), views };
}

/** The structure in one view of a square, under the square's own Input; that of the mirror image turned back. (side, side) log-odds. */
export async function viewOdds(
  runner: NetworkRunner,
  { mode, frame: { side }, views }: EncodedSquare,
  view: number,
  prompts: Prompts,
  projections: Projections | null,
): Promise<Float32Array> {
  const asked = { ...prompts, mode, task: 'segmentation' } as const;
  const odds = logOdds(await runner.decode(views[view], asked, projections), side);
  return view === 0 ? odds : mirrorRows(odds, side);
}

/** A look whose answer is the mean of its views'. planes: of each view, as viewOdds gives them. */
export function lookFrom(square: EncodedSquare, planes: readonly Float32Array[]): Look {
  const [straight, mirrored] = planes;
  const odds = mirrored ? straight.map((value, index) => (value + mirrored[index]) / 2) : straight;
  return { ...square, odds: withoutSpecks(odds, square.frame.side) };
}

/** The structure in an encoded square. */
export async function lookAt(
  runner: NetworkRunner,
  square: EncodedSquare,
  prompts: Prompts,
  projections: Projections | null,
): Promise<Look> {
  const planes: Float32Array[] = [];
  for (const view of square.views.keys()) planes.push(await viewOdds(runner, square, view, prompts, projections));
  return lookFrom(square, planes);
}

/** The first look and, where the reader looks again and found a place to look at, the second. */
export type Looks = readonly [first: Look, second?: Look];

/**
 * @param again whether a look at the whole frame is followed by a local one at what it found
 * @param beforeSecond awaited between the two; what it throws ends the looking
 */
export async function takeLooks(
  look: (square: Square) => Promise<Look>,
  square: Square & { readonly again: boolean },
  beforeSecond?: (first: Look) => Promise<void>,
): Promise<Looks> {
  const first = await look(square);
  const box = square.again && first.mode === 'whole' ? secondLookBox(first.odds, first.frame) : null;
  if (!box) return [first];
  await beforeSecond?.(first);
  return [first, await look({ mode: 'local', box, mirrored: false })];
}

/** The second class logit less the first, the mean over all views of the squares, each under its own Input. */
export async function classLogit(
  runner: NetworkRunner,
  squares: readonly EncodedSquare[],
  prompts: Prompts,
  projections: Projections | null,
): Promise<number> {
  const logits: number[] = [];
  for (const { views, mode } of squares) {
    for (const features of views) {
      const asked = { ...prompts, mode, task: 'classification' } as const;
      const [first, second] = await runner.decode(features, asked, projections);
      logits.push(second - first);
    }
  }
  return logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
}
