// Owns a small multi-frame DICOM file for tests: a bright disc on speckle that wanders from frame to frame, as a lesion under a moving probe.
import { createRandom } from '../../electron/nn/random.ts';
import type { NamedBytes } from '../../electron/study/store.ts';
import { imageElements, type TestElement, writeDicom } from '../dicom/write-dicom.ts';

export interface CineOptions {
  readonly name?: string;
  readonly frames: number;
  readonly width?: number;
  readonly height?: number;
  /** UIDs end in this number: another study, series and instance for each. */
  readonly study?: number;
  readonly series?: number;
  readonly instance?: number;
  /** Instead of or beside the elements that it has. */
  readonly elements?: readonly TestElement[];
}

/** Centre and radius of the disc in a frame, in pixels; frames are numbered from 1. */
export function discAt(frameNumber: number, width: number, height: number): { x: number; y: number; radius: number } {
  const turn = (frameNumber - 1) / 12;
  return {
    x: width * (0.5 + 0.18 * Math.sin(turn)),
    y: height * (0.5 + 0.12 * Math.cos(turn)),
    radius: Math.min(width, height) * 0.18,
  };
}

export function cineFile(options: CineOptions): NamedBytes {
  const { name = 'cine.dcm', frames, width = 96, height = 72, study = 1, series = 1, instance = 1 } = options;
  const random = createRandom(7 + instance);
  const pixels = new Uint8Array(frames * width * height);
  for (let frame = 0; frame < frames; frame += 1) {
    const disc = discAt(frame + 1, width, height);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const inside = Math.hypot(x + 0.5 - disc.x, y + 0.5 - disc.y) < disc.radius;
        pixels[(frame * height + y) * width + x] = (inside ? 30 : 120) + random.integer(50);
      }
    }
  }
  const studyUID = `1.2.826.0.1.99.${study}`;
  const elements: readonly TestElement[] = [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.3.1'],
    ['00080018', 'UI', `${studyUID}.${series}.${instance}`],
    ['00080060', 'CS', 'US'],
    ['00181063', 'DS', '40'],
    ['0020000D', 'UI', studyUID],
    ['0020000E', 'UI', `${studyUID}.${series}`],
    ['00280008', 'IS', String(frames)],
    ['00280009', 'AT', Uint8Array.of(0x18, 0, 0x63, 0x10)],
    ['00280010', 'US', height],
    ['00280011', 'US', width],
    ['7FE00010', 'OW', pixels],
    ...(options.elements ?? []),
  ];
  return { name, bytes: writeDicom(imageElements(...elements)) };
}
