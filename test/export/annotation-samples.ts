// Annotation sets for the tests of exports: masks that formats get wrong (holes, parts, single pixels, odd sizes) on frames of noise.
import { createMask, encodeMask } from '../../electron/common/mask.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import type { Picture } from '../../electron/common/picture.ts';
import { encodePng } from '../../electron/files/image.ts';
import type {
  AnnotationSet,
  ExportAnnotation,
  ExportFrame,
  ExportLabel,
} from '../../electron/export/annotation-set.ts';

/** Rows of '.' and '#'. */
export function drawMask(...rows: readonly string[]): BinaryMask {
  const mask = createMask(rows[0].length, rows.length);
  mask.data.forEach((_, index) => {
    const character = rows[Math.floor(index / mask.width)][index % mask.width];
    mask.data[index] = character === '#' ? 1 : 0;
  });
  return mask;
}

export const hardMasks: Readonly<Record<string, BinaryMask>> = {
  'a hole': drawMask('.......', '.#####.', '.#...#.', '.#.#.#.', '.#####.'),
  'two parts that touch at a corner': drawMask('##...', '##...', '..##.', '..##.', '....#'),
  'one pixel': drawMask('......', '......', '...#..', '......'),
  'the first pixel': drawMask('#..', '...'),
  'the last pixel': drawMask('...', '..#'),
  'a full frame': drawMask('###', '###', '###', '###'),
  'a frame of one pixel': drawMask('#'),
  'one row': drawMask('.##.#...#'),
  'one column': drawMask('#', '.', '#', '#', '.'),
  'a checkerboard': checkerboard(13, 9),
  'long runs': block(301, 203),
};

function checkerboard(width: number, height: number): BinaryMask {
  const mask = createMask(width, height);
  return { ...mask, data: mask.data.map((_, index) => ((index % width) + Math.floor(index / width)) % 2) };
}

function block(width: number, height: number): BinaryMask {
  const mask = createMask(width, height);
  for (let row = 20; row < 190; row += 1) mask.data.fill(1, row * width + 30, row * width + 270);
  mask.data.fill(0, 100 * width + 100, 100 * width + 160);
  return mask;
}

export const lesion: ExportLabel = {
  id: 'l1',
  name: 'Lesion',
  color: '#0072B2',
  position: 'breast',
  type: 'tumor',
  code: null,
};
export const duct: ExportLabel = {
  id: 'l2',
  name: 'Duct: "left" / 2',
  color: '#E69F00',
  position: 'breast',
  type: 'organ',
  code: null,
};

/** A picture of repeatable noise, so that every pixel says whether it kept its place. */
export function noise(width: number, height: number, channels: 1 | 3, seed: number): Picture {
  const pixels = new Uint8Array(width * height * channels);
  let state = seed + 1;
  for (let i = 0; i < pixels.length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = state >>> 24;
  }
  return { width, height, channels, pixels };
}

export function frameOf(number: number, size: BinaryMask, change: Partial<ExportFrame> = {}): ExportFrame {
  const { width, height } = size;
  return {
    studyInstanceUID: `2.25.1${number}`,
    seriesInstanceUID: `2.25.2${number}`,
    sopInstanceUID: `2.25.3${number}`,
    frameNumber: 1,
    frameCount: 1,
    width,
    height,
    pixelAspectRatio: 1,
    regions: [],
    patientKey: `secret-key-${number}`,
    simulated: false,
    fileName: `frame ${number}.png`,
    objectHash: 'ab'.repeat(32),
    mediaType: 'image/png',
    picture: () => Promise.resolve(noise(width, height, number % 2 === 0 ? 1 : 3, number)),
    original: () => encodePng(noise(width, height, number % 2 === 0 ? 1 : 3, number)),
    ...change,
  };
}

export function annotate(
  frame: ExportFrame,
  label: ExportLabel,
  mask: BinaryMask,
  change: Partial<ExportAnnotation> = {},
): ExportAnnotation {
  return {
    revisionId: `revision-${label.id}-${frame.sopInstanceUID}-${frame.frameNumber}`,
    ancestorIds: [],
    trackingUID: `2.25.9${frame.frameNumber}`,
    labelId: label.id,
    frame,
    reviewState: mask.data.includes(1) ? 'accepted' : 'absent',
    segmentAlgorithmType: 'SEMIAUTOMATIC',
    prompts: { position: label.position, task: 'segmentation', mode: 'whole', type: label.type },
    algorithm: null,
    proposal: null,
    classification: null,
    reader: 'A. Reader',
    mask: encodeMask(mask),
    createdAt: '2026-01-02T03:04:05.678Z',
    ...change,
  };
}

/** Every hard mask as a lesion, a second label over some of them, an absent lesion, and two frames of one cine. */
export function sampleSet(): AnnotationSet {
  const annotations = Object.values(hardMasks).flatMap((mask, index) => {
    const frame = frameOf(index, mask);
    const second = annotate(frame, duct, { ...mask, data: mask.data.map((value) => 1 - value) });
    return index % 3 === 0 ? [annotate(frame, lesion, mask), second] : [annotate(frame, lesion, mask)];
  });
  const size = createMask(17, 11);
  const cine = { sopInstanceUID: '2.25.777', frameCount: 12, fileName: null };
  return {
    labels: [lesion, duct],
    annotations: [
      ...annotations,
      annotate(frameOf(90, size), lesion, size),
      annotate(frameOf(91, size, { ...cine, frameNumber: 2 }), lesion, { ...size, data: size.data.map(() => 1) }),
      annotate(frameOf(91, size, { ...cine, frameNumber: 11 }), lesion, size),
    ],
  };
}
