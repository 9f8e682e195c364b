// Owns small segmentations as other programs write them, whole or with compressed frames, for the tests of what reads them.
import { codeOfPrompts } from '../../../electron/common/codes.ts';
import { packMask } from '../../../electron/dicom/segmentation/bits.ts';
import type { Segment, SegmentationInput } from '../../../electron/dicom/segmentation/segmentation-input.ts';
import type { Attributes } from '../../../electron/dicom/write/attributes.ts';
import type { SourceImage } from '../../../electron/dicom/write/source-image.ts';
import { writePart10 } from '../../../electron/dicom/write/write-part10.ts';

export const [width, height] = [4, 2];
export const source: SourceImage = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.3.1',
  SOPInstanceUID: '1.2.3.4',
  SeriesInstanceUID: '1.2.3.1',
  StudyInstanceUID: '1.2.3',
  Rows: height,
  Columns: width,
  NumberOfFrames: 9,
  FrameOfReferenceUID: null,
  patientAndStudy: { StudyInstanceUID: '1.2.3', PatientName: 'A^B', PatientID: '1' },
  lossyCompression: { LossyImageCompression: '00' },
};
export const segment: Segment = {
  label: 'Lesion',
  code: codeOfPrompts('breast', 'tumor'),
  color: '#0072B2',
  segmentAlgorithmType: 'MANUAL',
  algorithms: [],
  trackingUID: '2.25.1',
  annotations: [],
};
export const masks = [Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0), Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 1)];

function binary(): Uint8Array {
  const bits = new Uint8Array(2);
  masks.forEach((data, index) => packMask({ width, height, data }, bits, index * width * height));
  return bits;
}

/** Frames 3 and 7 of the source. */
export function input(change: Partial<SegmentationInput> = {}): SegmentationInput {
  return {
    SOPInstanceUID: '1.2.5',
    SeriesInstanceUID: '1.2.5.1',
    SeriesNumber: 1,
    InstanceNumber: 1,
    SeriesDescription: 'Segmentations',
    created: new Date('2026-01-02T03:04:05.678Z'),
    version: '1.2.3',
    ContentCreatorName: null,
    sources: [source],
    segments: [segment],
    frames: [3, 7].map((frameNumber) => ({ segmentNumber: 1, source: 0, frameNumber })),
    segmentsOverlap: false,
    segmentationType: 'BINARY',
    pixelData: binary(),
    ...change,
  };
}

/** As another program would have written it: without our private elements, and with `change`. */
export async function foreign(attributes: Attributes, change: Attributes = {}): Promise<Uint8Array> {
  const segments = attributes.SegmentSequence as readonly Attributes[]; // createSegmentation makes items
  const plain = segments.map(({ SonoSyncLabelName: _name, SonoSyncAnnotationSequence: _list, ...rest }) => rest);
  return writePart10({ ...attributes, SegmentSequence: plain, ...change });
}

/** The same file with another transfer syntax and a fragment for each frame of its pixel data, which are the last element. */
export function encapsulate(file: Uint8Array, syntax: string, ...frames: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.from(file);
  const meta = 132 + 12 + bytes.readUInt32LE(140);
  const pixels = bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  const uid = Buffer.from(syntax.length % 2 === 0 ? syntax : `${syntax}\0`, 'latin1');
  const element = Buffer.concat([Buffer.from([2, 0, 0x10, 0, 0x55, 0x49, uid.length, 0]), uid]);
  const length = Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0, element.length, 0, 0, 0]);
  const item = (content: Uint8Array) => {
    const head = Buffer.from([0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content]);
  };
  const fragments = frames.map((frame) => item(frame.length % 2 === 0 ? frame : Uint8Array.of(...frame, 0)));
  const open = Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const head = [bytes.subarray(0, 132), length, element, bytes.subarray(meta, pixels)];
  return new Uint8Array(Buffer.concat([...head, open, item(new Uint8Array(0)), ...fragments, end]));
}

export function functionalGroups(attributes: Attributes): readonly Attributes[] {
  return attributes.PerFrameFunctionalGroupsSequence as readonly Attributes[]; // createSegmentation makes items
}
