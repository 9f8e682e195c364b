// Owns the configuration of a PerceptGuide network, and how it is read off the names and shapes of a checkpoint's tensors.
import { AppError } from '../../electron/common/errors.ts';

export interface PerceptGuideConfig {
  /** E: channels of the first stage. */
  readonly embedDim: number;
  /** Blocks of each encoder stage. */
  readonly encoderDepths: readonly number[];
  /** Blocks of each decoder layer, indexed by stage as in the authors' code (the segmentation decoder uses 2, 1, 0; classification 3, 2, 1). */
  readonly decoderDepths: readonly number[];
  readonly numHeads: readonly number[];
  readonly windowSize: number;
  readonly imageSize: number;
  /** rank1: the authors', (q·h)(k·e)ᵀ. diagonal: (q ⊙ h ⊙ e) kᵀ. It cannot be told from shapes. */
  readonly hyperPerception: 'rank1' | 'diagonal';
}

/** The authors' size: 66.3 M parameters. */
export const authorsConfig: PerceptGuideConfig = {
  embedDim: 96,
  encoderDepths: [4, 4, 4, 4],
  decoderDepths: [2, 2, 2, 2],
  numHeads: [3, 6, 12, 24],
  windowSize: 7,
  imageSize: 224,
  hyperPerception: 'rank1',
};

/** The size of the starter model: 12 M parameters. */
export const starterConfig: PerceptGuideConfig = {
  embedDim: 48,
  encoderDepths: [2, 2, 2, 2],
  decoderDepths: [2, 2, 2, 2],
  numHeads: [2, 4, 8, 16],
  windowSize: 7,
  imageSize: 224,
  hyperPerception: 'diagonal',
};

/** Tensors that PyTorch stores and the network computes by itself. */
export function isBuffer(name: string): boolean {
  return name.endsWith('relative_position_index') || name.endsWith('attn_mask');
}

/**
 * Reads the configuration off a checkpoint (names without `module.swin.`). Throws AppError('bad-input') naming the first tensor that is
 * missing or has an unexpected shape.
 */
export function inferConfig(
  shapes: ReadonlyMap<string, readonly number[]>,
  hyperPerception: PerceptGuideConfig['hyperPerception'],
): PerceptGuideConfig {
  const shapeOf = (name: string): readonly number[] => {
    const shape = shapes.get(name);
    if (!shape) throw new AppError('bad-input', `This is not a PerceptGuide checkpoint: tensor ${name} is missing.`);
    return shape;
  };
  const [embedDim] = shapeOf('patch_embed.proj.weight');
  const stages = [0, 1, 2, 3];
  const countBlocks = (prefix: string): number => {
    let depth = 0;
    while (shapes.has(`${prefix}.blocks.${depth}.norm1.weight`)) depth += 1;
    if (depth === 0) shapeOf(`${prefix}.blocks.0.norm1.weight`);
    return depth;
  };
  const numHeads = stages.map((stage) => shapeOf(`layers.${stage}.blocks.0.attn.relative_position_bias_table`)[1]);
  const [biasRows] = shapeOf('layers.0.blocks.0.attn.relative_position_bias_table');
  const windowSize = (Math.sqrt(biasRows) + 1) / 2;
  if (windowSize !== 7) {
    throw new AppError(
      'bad-input',
      `layers.0.blocks.0.attn.relative_position_bias_table has ${biasRows} rows; window 7 needs 169.`,
    );
  }
  const decoder = (stage: number): string => (stage === 3 ? 'layers_task_cls_up.0' : `layers_task_seg_up.${3 - stage}`);
  return {
    embedDim,
    encoderDepths: stages.map((stage) => countBlocks(`layers.${stage}`)),
    decoderDepths: stages.map((stage) => countBlocks(decoder(stage))),
    numHeads,
    windowSize,
    imageSize: 224,
    hyperPerception,
  };
}
