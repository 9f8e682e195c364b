// Owns a model folder made ready: its files checked against its manifest, its network, and what it has encoded lately.
import { join } from 'node:path';
import { readManifest, verifyModelFiles, modelHash, type ModelManifest } from '../../models/manifest.ts';
import { parameterShapes } from '../../models/perceptguide/parameters.ts';
import type { Classification } from '../common/classification.ts';
import type {
  EngineImage,
  ModelDescription,
  ProbabilityRequest,
  ProbabilityResult,
  ProposalRequest,
  ProposalResult,
} from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import { decodeMask, encodeMask, maskIoU } from '../common/mask.ts';
import type { Picture } from '../common/picture.ts';
import type { Prompts } from '../common/prompts.ts';
import { readSafetensors } from '../nn/safetensors.ts';
import { countParameters, requireWeight, type Weight } from '../nn/weights.ts';
import { adapterLooksAgain, parseAdapter, type ParsedAdapter } from './adapter.ts';
import { describeClasses, findTrainedClasses } from './classes.ts';
import {
  classLogit,
  encodeView,
  lookFrom,
  placeSquare,
  takeLooks,
  viewOdds,
  type FrameReader,
  type Look,
  type Looks,
  type Square,
} from './look.ts';
import { NetworkRunner, type Features, type Projections } from './network-runner.ts';
import { pasteMask, pasteProbabilities, readSegmentation } from './postprocess.ts';
import type { InputSpec } from './preprocess.ts';
import { RecentCache } from './recent-cache.ts';

/** Frames whose features and pixels stay at hand: a change of prompt or box costs no encoder run and no transfer. */
const cachedFeatures = 48;
const cachedPictures = 12;
/** Crops of second looks: seldom looked at again, and never instead of a frame. */
const cachedCrops = 8;

/** How a model is held. */
export interface LoadOptions {
  /** Of one operator; ONNX Runtime's own choice where it is left out. */
  readonly threads?: number;
  /** Frames whose features stay at hand. */
  readonly frames?: number;
}

/** What is done between the steps of a proposal. */
export interface ProposalSteps {
  /** Awaited before each step of the network but the first; what it throws ends the proposal. */
  readonly turn?: () => Promise<void>;
  /** Told what the straight view of the first look found, once, where more views or looks follow. */
  readonly onFirstLook?: (first: ProposalResult) => void;
}

export class LoadedModel implements FrameReader {
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly hash: string;
  readonly runner: NetworkRunner;
  readonly spec: InputSpec;
  readonly flip: boolean;
  private readonly features: RecentCache<readonly Features[]>;
  private readonly crops: RecentCache<readonly Features[]>;
  private readonly pictures = new RecentCache<Picture>(cachedPictures);
  private readonly adapters = new RecentCache<ParsedAdapter>(8);

  private constructor(
    folder: string,
    manifest: ModelManifest,
    weights: ReadonlyMap<string, Weight>,
    provider: string,
    { threads, frames = cachedFeatures }: LoadOptions,
  ) {
    this.folder = folder;
    this.features = new RecentCache(frames);
    this.crops = new RecentCache(Math.min(frames, cachedCrops));
    this.manifest = manifest;
    this.hash = modelHash(manifest);
    this.spec = manifest.input;
    this.flip = manifest.testTimeFlip === true;
    this.runner = new NetworkRunner({ config: manifest.config, weights }, provider, threads);
  }

  /** Throws AppError naming the file or tensor when the folder is no model, or its files do not match their hashes. */
  static async load(folder: string, provider: string, options: LoadOptions = {}): Promise<LoadedModel> {
    const manifest = await readManifest(folder);
    await verifyModelFiles(folder, manifest);
    const weights = new Map<string, Weight>();
    for (const { name } of manifest.files) {
      for (const [tensor, weight] of (await readSafetensors(join(folder, name))).tensors) weights.set(tensor, weight);
    }
    for (const [name, shape] of parameterShapes(manifest.config)) requireWeight(weights, name, shape);
    return new LoadedModel(folder, manifest, weights, provider, options);
  }

  describe(): ModelDescription {
    const { weights, config } = this.runner.network;
    return {
      id: this.manifest.id,
      hash: this.hash,
      parameters: countParameters([...weights.values()].map(({ shape }) => shape)),
      tensors: weights.size,
      config: { ...config },
    };
  }

  /** The projections of an adapter's bytes; parsed once for each. Throws AppError('conflict') for an adapter of another model. */
  projections(adapter: Uint8Array | null): Projections | null {
    return adapter ? this.parsed(adapter).projections : null;
  }

  /** Whether whole-frame proposals with this adapter, or with none, take a second look. */
  looksAgain(adapter: Uint8Array | null): boolean {
    return adapter ? adapterLooksAgain(this.parsed(adapter).record) : this.manifest.secondLook === true;
  }

  /** Mask and confidence for a frame, and class probabilities where the model has them for these prompts. */
  async propose(request: ProposalRequest, { turn, onFirstLook }: ProposalSteps = {}): Promise<ProposalResult> {
    // Done once: not a part of what a proposal takes.
    await this.runner.prepare('segmentation');
    const started = performance.now();
    const { image, prompts } = request;
    const projections = this.projections(request.adapter);
    const resultOf = (look: Look, provisional: boolean, classification: Classification | null): ProposalResult => {
      const { mask, meanProbability, uncertainty } = readSegmentation(look.odds, look.frame, image);
      const said = { mask: encodeMask(mask), meanProbability, uncertainty, classification, provisional };
      return { ...said, milliseconds: performance.now() - started, provider: this.runner.provider };
    };
    const { classification: classes, secondLook } = this.manifest;
    const looksAgain = this.looksAgain(request.adapter);
    // Classes were calibrated on as many looks as the model takes by itself, also where the mask is that of the first.
    const again = looksAgain || (secondLook === true && findTrainedClasses(classes, prompts) !== undefined);
    const [first, second] = await this.looks(request, again, turn, (look) => onFirstLook?.(resultOf(look, true, null)));
    if (second) await turn?.();
    const classification = await this.classify(second ? [first, second] : [first], prompts, projections);
    return resultOf(looksAgain && second ? second : first, false, classification);
  }

  /** The probabilities behind a proposal that was made with this request: of the look whose mask is most like the proposal's, in doubt the second. */
  async probabilities(request: ProbabilityRequest): Promise<ProbabilityResult> {
    const { image } = request;
    const proposed = decodeMask(request.mask, image.width, image.height);
    const likeness = ({ odds, frame }: Look): number => maskIoU(proposed, pasteMask(odds, frame, image));
    const [first, second] = await this.looks(request, this.looksAgain(request.adapter));
    const iou = { first: likeness(first), second: second ? likeness(second) : -1 };
    const { odds, frame } = second && iou.second >= iou.first ? second : first;
    return { probabilities: pasteProbabilities(odds, frame, image), iou: Math.max(iou.first, iou.second) };
  }

  /** The features of a whole frame, where they are at hand. */
  wholeFeatures(imageKey: string): readonly Features[] | undefined {
    return this.features.get(featuresKey(imageKey, { mode: 'whole', box: null }));
  }

  /** Takes over features of a whole frame that the same network gave elsewhere. */
  keepWholeFeatures(imageKey: string, views: readonly Features[]): void {
    this.features.set(featuresKey(imageKey, { mode: 'whole', box: null }), views);
  }

  async release(): Promise<void> {
    await this.runner.release();
  }

  private parsed(adapter: Uint8Array): ParsedAdapter {
    const key = fingerprint(adapter);
    const known = this.adapters.get(key);
    if (known) return known;
    const parsed = parseAdapter(adapter, this.runner.network.weights, this.hash);
    this.adapters.set(key, parsed);
    return parsed;
  }

  /** The look at what the request names and, with `again`, the one at what it found in a whole frame. */
  private async looks(
    request: ProposalRequest,
    again: boolean,
    turn: ProposalSteps['turn'] = async () => {},
    onFirst?: (look: Look) => void,
  ): Promise<Looks> {
    const { mode } = request.prompts;
    if (mode !== 'whole' && !request.box)
      throw new AppError('bad-input', `Input ${mode} needs a box around the target.`);
    let isTold = false;
    const tell = (first: Look): void => {
      if (!isTold) onFirst?.(first);
      isTold = true;
    };
    const look = (square: Square): Promise<Look> => this.look(request, square, turn, tell);
    const box = mode === 'whole' ? null : request.box;
    return takeLooks(look, { mode, box, mirrored: this.flip, again }, async (first) => {
      tell(first);
      await turn();
    });
  }

  /** What the network makes of one square; told what it makes of the straight view where the mirror image must be encoded too. */
  private async look(
    { image, prompts, adapter }: ProposalRequest,
    square: Square,
    turn: () => Promise<void>,
    onStraight: (look: Look) => void,
  ): Promise<Look> {
    const projections = this.projections(adapter);
    // Where the whole frame was asked for, a crop is a second look.
    const cache = square.mode === prompts.mode ? this.features : this.crops;
    const key = featuresKey(image.key, square);
    const views = [...(cache.get(key) ?? [])];
    const encoded = { mode: square.mode, frame: placeSquare(this, image, square), views };
    const planes: Float32Array[] = [];
    for (let view = 0; view < (square.mirrored ? 2 : 1); view += 1) {
      if (views.length <= view) {
        if (view > 0) {
          onStraight(lookFrom(encoded, planes));
          await turn();
        }
        views.push(await encodeView(this, this.picture(image), square, view > 0));
        cache.set(key, [...views]);
      }
      await turn();
      planes.push(await viewOdds(this.runner, encoded, view, prompts, projections));
    }
    return lookFrom(encoded, planes);
  }

  /**
   * The 7² tokens of the classification decoder cost little beside the mask, so it is asked whenever its answer may be shown: of every look, as
   * calibration asked it. What it is worth depends on what the request named, the whole frame or the reader's box.
   */
  private async classify(
    looks: readonly Look[],
    prompts: Prompts,
    projections: Projections | null,
  ): Promise<Classification | null> {
    const trained = findTrainedClasses(this.manifest.classification, prompts);
    return trained && describeClasses(await classLogit(this.runner, looks, prompts, projections), trained);
  }

  /** Throws AppError('not-found') for a frame that came without its pixels and is not known any more, 'bad-input' for pixels of another size. */
  picture({ key, width, height, channels, pixels }: EngineImage): Picture {
    const known = this.pictures.get(key);
    if (known) return known;
    if (!pixels) throw new AppError('not-found', 'The engine has no pixels of this frame; send them.');
    if (pixels.length !== width * height * channels) {
      throw new AppError(
        'bad-input',
        `The frame has ${pixels.length} samples; ${width}×${height}×${channels} are needed.`,
      );
    }
    const picture: Picture = { width, height, channels, pixels };
    this.pictures.set(key, picture);
    return picture;
  }
}

function featuresKey(imageKey: string, { mode, box }: Pick<Square, 'mode' | 'box'>): string {
  return box ? [imageKey, mode, box.x, box.y, box.width, box.height].join(' ') : `${imageKey} whole`;
}

/** Tells adapters apart: their sizes and a 32-bit FNV-1a hash of their bytes. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes.length} ${hash}`;
}
