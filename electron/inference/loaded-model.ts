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
import type { ImageBox } from '../common/geometry.ts';
import { decodeMask, encodeMask, maskIoU } from '../common/mask.ts';
import type { Picture } from '../common/picture.ts';
import type { Mode, Prompts } from '../common/prompts.ts';
import { readSafetensors } from '../nn/safetensors.ts';
import { countParameters, requireWeight, type Weight } from '../nn/weights.ts';
import { adapterLooksAgain, parseAdapter, type ParsedAdapter } from './adapter.ts';
import { describeClasses, findTrainedClasses } from './classes.ts';
import { NetworkRunner, type Features, type Projections } from './network-runner.ts';
import { logOdds, mirrorRows, pasteMask, pasteProbabilities, readSegmentation } from './postprocess.ts';
import { highlightBox, placeModelFrame, sampleInput, type InputSpec, type ModelFrame } from './preprocess.ts';
import { RecentCache } from './recent-cache.ts';
import { secondLookBox } from './second-look.ts';
import { withoutSpecks } from './specks.ts';

/** Frames whose features and pixels stay at hand: a change of prompt or box costs no encoder run and no transfer. */
const cachedFeatures = 48;
const cachedPictures = 12;
/** Crops of second looks: seldom looked at again, and never instead of a frame. */
const cachedCrops = 8;

/** What the network makes of one square of a frame. */
interface Look {
  readonly mode: Mode;
  readonly frame: ModelFrame;
  readonly views: readonly Features[];
  /** (side, side) */
  readonly odds: Float32Array;
}

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
  /** Told what the first look found where a second one follows. */
  readonly onFirstLook?: (first: ProposalResult) => void;
}

export class LoadedModel {
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly hash: string;
  readonly spec: InputSpec;
  readonly runner: NetworkRunner;
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
    const started = performance.now();
    const { image, prompts } = request;
    const projections = this.projections(request.adapter);
    const resultOf = (look: Look, provisional: boolean, classification: Classification | null): ProposalResult => {
      const { mask, meanProbability, uncertainty } = readSegmentation(look.odds, look.frame, image);
      const said = { mask: encodeMask(mask), meanProbability, uncertainty, classification, provisional };
      return { ...said, milliseconds: performance.now() - started, provider: this.runner.provider };
    };
    const [first, second] = await this.looks(request, turn, (look) => onFirstLook?.(resultOf(look, true, null)));
    if (second) await turn?.();
    const classification = await this.classify(second ? [first, second] : [first], prompts, projections);
    return resultOf(second ?? first, false, classification);
  }

  /** The probabilities behind a proposal that was made with this request: of the look whose mask is most like the proposal's, in doubt the second. */
  async probabilities(request: ProbabilityRequest): Promise<ProbabilityResult> {
    const { image } = request;
    const proposed = decodeMask(request.mask, image.width, image.height);
    const likeness = ({ odds, frame }: Look): number => maskIoU(proposed, pasteMask(odds, frame, image));
    const [first, second] = await this.looks(request);
    const iou = { first: likeness(first), second: second ? likeness(second) : -1 };
    const { odds, frame } = second && iou.second >= iou.first ? second : first;
    return { probabilities: pasteProbabilities(odds, frame, image), iou: Math.max(iou.first, iou.second) };
  }

  /** The features of a whole frame, where they are at hand. */
  wholeFeatures(imageKey: string): readonly Features[] | undefined {
    return this.features.get(featuresKey(imageKey, 'whole', null));
  }

  /** Takes over features of a whole frame that the same network gave elsewhere. */
  keepWholeFeatures(imageKey: string, views: readonly Features[]): void {
    this.features.set(featuresKey(imageKey, 'whole', null), views);
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

  /** The look at what the request names and, where the model or the adapter looks again, the one at what it found there. */
  private async looks(
    { image, prompts, adapter, ...request }: ProposalRequest,
    turn: ProposalSteps['turn'] = async () => {},
    onFirst?: (look: Look) => void,
  ): Promise<readonly [Look, Look?]> {
    const box = prompts.mode === 'whole' ? null : request.box;
    if (prompts.mode !== 'whole' && !box)
      throw new AppError('bad-input', `Input ${prompts.mode} needs a box around the target.`);
    const projections = this.projections(adapter);
    const first = await this.look(image, prompts, box, projections, turn, this.features);
    const again = prompts.mode === 'whole' && this.looksAgain(adapter);
    const place = again ? secondLookBox(first.odds, first.frame) : null;
    if (!place) return [first];
    onFirst?.(first);
    await turn();
    return [first, await this.look(image, { ...prompts, mode: 'local' }, place, projections, turn, this.crops)];
  }

  /** What the network makes of the frame under these prompts, with the place of its square. */
  private async look(
    image: EngineImage,
    prompts: Prompts,
    box: ImageBox | null,
    projections: Projections | null,
    turn: () => Promise<void>,
    cache: RecentCache<readonly Features[]>,
  ): Promise<Look> {
    const side = this.runner.network.config.imageSize;
    const frame = placeModelFrame(this.spec, image, prompts.mode === 'local' ? box : null, side);
    const views = await this.encoded(image, frame, prompts, box, cache);
    await turn();
    return {
      mode: prompts.mode,
      frame,
      views,
      odds: withoutSpecks(await this.segment(views, prompts, projections, side), side),
    };
  }

  /** Log-odds of the structure, the mean over the views, each turned back. (side, side) */
  private async segment(
    views: readonly Features[],
    prompts: Prompts,
    projections: Projections | null,
    side: number,
  ): Promise<Float32Array> {
    const planes: Float32Array[] = [];
    for (const [index, features] of views.entries()) {
      const logits = await this.runner.decode(features, { ...prompts, task: 'segmentation' }, projections);
      const odds = logOdds(logits, side);
      planes.push(index === 0 ? odds : mirrorRows(odds, side));
    }
    const [straight, mirrored] = planes;
    return mirrored ? straight.map((value, index) => (value + mirrored[index]) / 2) : straight;
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
    if (!trained) return null;
    const logits: number[] = [];
    for (const { views, mode } of looks) {
      for (const features of views) {
        const asked = { ...prompts, mode, task: 'classification' } as const;
        const [first, second] = await this.runner.decode(features, asked, projections);
        logits.push(second - first);
      }
    }
    return describeClasses(logits.reduce((sum, logit) => sum + logit, 0) / logits.length, trained);
  }

  /** Features of the frame, and of its mirror image where the model wants both. */
  private async encoded(
    image: EngineImage,
    frame: ModelFrame,
    prompts: Prompts,
    box: ImageBox | null,
    cache: RecentCache<readonly Features[]>,
  ): Promise<readonly Features[]> {
    const key = featuresKey(image.key, prompts.mode, box);
    const known = cache.get(key);
    if (known) return known;
    const whole = this.picture(image);
    const picture = prompts.mode === 'location' && box ? highlightBox(whole, box) : whole;
    const input = sampleInput(picture, frame, this.spec);
    const views = [await this.runner.encode(input)];
    if (this.manifest.testTimeFlip === true) views.push(await this.runner.encode(mirrorRows(input, frame.side)));
    cache.set(key, views);
    return views;
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

function featuresKey(imageKey: string, mode: Mode, box: ImageBox | null): string {
  return box ? [imageKey, mode, box.x, box.y, box.width, box.height].join(' ') : `${imageKey} whole`;
}

/** Tells adapters apart: their sizes and a 32-bit FNV-1a hash of their bytes. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes.length} ${hash}`;
}
