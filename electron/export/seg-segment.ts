// Owns what a label becomes in a segmentation: a segment with its code, its colour, the way it was made and an identifier that stays.
import { codeOfPrompts } from '../common/codes.ts';
import type { SegmentAlgorithmType } from '../common/study.ts';
import type { FrameAnnotation, Segment, SegmentAlgorithm } from '../dicom/segmentation/segmentation-input.ts';
import { derivedUID } from '../dicom/write/uids.ts';
import type { ExportAlgorithm, ExportAnnotation, ExportLabel } from './annotation-set.ts';
import type { FrameGroup } from './dicom-groups.ts';

/** One structure in one cine or series is one thing to track; elsewhere the same label may be another. */
export function segmentOf(
  label: ExportLabel,
  group: FrameGroup,
  reviewed: readonly FrameAnnotation[],
  all: readonly ExportAnnotation[],
): Segment {
  const own = all.filter(({ labelId }) => labelId === label.id);
  const algorithms = algorithmsOf(own);
  const type = typeOf(own.filter(({ reviewState }) => reviewState !== 'absent'));
  return {
    label: label.name,
    code: label.code ?? codeOfPrompts(label.position, label.type),
    color: label.color,
    // A mask that is said to be semi-automatic and has no proposal behind it was made with tools that follow the image.
    segmentAlgorithmType: type,
    algorithms: algorithms.length > 0 ? algorithms : [editingTools],
    trackingUID: derivedUID('segment', group.key, label.id),
    annotations: reviewed,
  };
}

const editingTools: SegmentAlgorithm = { name: 'SonoSync editing tools', version: '1', parameters: 'none' };

/** The type that holds for all: what was drawn in one frame and proposed in another is neither alone. */
function typeOf(annotations: readonly ExportAnnotation[]): SegmentAlgorithmType {
  const types = new Set(annotations.map(({ segmentAlgorithmType }) => segmentAlgorithmType));
  if (types.size === 0) return 'MANUAL';
  return types.size === 1 ? [...types][0] : 'SEMIAUTOMATIC';
}

function algorithmsOf(annotations: readonly ExportAnnotation[]): SegmentAlgorithm[] {
  const found = annotations.map(({ algorithm }) => algorithm).filter((algorithm) => algorithm !== null);
  return [...new Map(found.map((algorithm) => [JSON.stringify(algorithm), describeAlgorithm(algorithm)])).values()];
}

export function describeAlgorithm({ modelId, modelHash, adapterHash }: ExportAlgorithm): SegmentAlgorithm {
  const adapter = adapterHash === null ? 'none' : `sha256 ${adapterHash}`;
  return {
    name: modelId,
    version: modelHash.slice(0, 16),
    parameters: `model sha256 ${modelHash}; adapter ${adapter}`,
  };
}
