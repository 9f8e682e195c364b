// Owns the probabilities of a segmentation: what the network says of every pixel of the proposals that annotations began with, in 255ths, and 0 and
// 1 where there is no network to ask. A revision is named only with values that its mask follows from, so that no correction is taken for a proposal.
import { createHash } from 'node:crypto';
import type { AnnotationSet, ExportAnnotation, ExportProposal } from './annotation-set.ts';
import { annotationMask } from './annotation-set.ts';
import { counted } from './losses.ts';
import type { SegmentationPixels } from './seg-pixels.ts';

/** Values from here up are in the mask. */
const half = 128;

/** A byte a pixel. One of these serves one export, and knows afterwards what was lost. */
export class ProbabilityPixels implements SegmentationPixels {
  readonly segmentationType = 'FRACTIONAL';
  readonly bits = 8;
  readonly kind = 'SEG probabilities';
  readonly SeriesNumber = 9150;
  readonly SeriesDescription = 'SonoSync probabilities';
  readonly #changed: number[] = [];

  /** The same annotations give other values where another network or provider is asked. */
  identify(pixelData: Uint8Array): string {
    return `${this.kind} ${createHash('sha256').update(pixelData).digest('hex')}`;
  }

  async write(...[annotation, target, index, { signal }]: Parameters<SegmentationPixels['write']>) {
    const { data } = annotationMask(annotation);
    const said = await repeatable(annotation)?.probabilities(signal);
    const values = said?.values ?? data.map((value) => 255 * value);
    target.set(values, index * data.length);
    if (said && said.iou < 1) this.#changed.push(said.iou);
    return { annotation: describeValues(annotation, data, values), covered: values.map((value) => Number(value > 0)) };
  }

  /** What could not be known before the network was asked, in words. */
  describeChanges(): string[] {
    if (this.#changed.length === 0) return [];
    const worst = Math.min(...this.#changed).toFixed(4);
    return [
      `${counted(this.#changed.length, 'proposal')}: asked again, the network gives them otherwise than they were made, on another provider or by another version (IoU ${worst} at worst). Their probabilities are those of now.`,
    ];
  }
}

/** What of the probabilities is no probability, or not that of the mask. */
export function describeProbabilities({ annotations }: AnnotationSet): string[] {
  const masks = annotations.filter(({ reviewState }) => reviewState !== 'absent');
  const byHand = masks.filter(({ proposal }) => proposal === null).length;
  const lost = masks.filter((each) => each.proposal !== null && !repeatable(each)).length;
  const corrected = masks.filter((each) => repeatable(each)?.isUnchanged === false).length;
  const losses: string[] = [];
  if (byHand > 0)
    losses.push(`${counted(byHand, 'mask')} without a proposal: no network spoke, so the probabilities are 0 and 1.`);
  if (lost > 0) {
    losses.push(
      `${counted(lost, 'mask')} of a network that is not installed here and cannot be asked: the probabilities are 0 and 1.`,
    );
  }
  if (corrected > 0) {
    losses.push(
      `${counted(corrected, 'corrected mask')}: the probabilities are those of the proposal, not of the correction, which is among the binary segmentations.`,
    );
  }
  return losses;
}

type Repeatable = ExportProposal & { readonly probabilities: NonNullable<ExportProposal['probabilities']> };

function repeatable({ proposal }: ExportAnnotation): Repeatable | null {
  return proposal?.probabilities ? { ...proposal, probabilities: proposal.probabilities } : null;
}

/** The annotation as the values show it: drawn by the network where that was asked. */
function describeValues(annotation: ExportAnnotation, mask: Uint8Array, values: Uint8Array): ExportAnnotation {
  const isItsMask = values.every((value, index) => Number(value >= half) === mask[index]);
  return {
    ...annotation,
    revisionId: isItsMask ? annotation.revisionId : '',
    ...(repeatable(annotation) && { segmentAlgorithmType: 'AUTOMATIC' }),
  };
}
