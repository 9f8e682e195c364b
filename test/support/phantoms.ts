// Small frames with a known bright or dark disc, for tests that train or propose without real data.
import { createMask } from '../../electron/common/mask.ts';
import { createRandom } from '../../electron/nn/random.ts';
import type { DatasetItem } from '../../electron/training/dataset-item.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';

/** A network small enough to train in seconds. */
export const tinyConfig: PerceptGuideConfig = {
  embedDim: 12,
  encoderDepths: [1, 1, 1, 1],
  decoderDepths: [1, 1, 1, 1],
  numHeads: [1, 2, 4, 8],
  windowSize: 7,
  imageSize: 224,
  hyperPerception: 'diagonal',
};

/** Discs on speckle: bright ones are of class 1, dark ones of class 0. */
export function discItems(count: number, seed: number, position: DatasetItem['position'] = 'breast'): DatasetItem[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const [width, height] = [120, 90];
    const radius = 14 + random.next() * 14;
    const [x0, y0] = [radius + random.next() * (width - 2 * radius), radius + random.next() * (height - 2 * radius)];
    const bright = index % 2;
    const mask = createMask(width, height);
    const gray = new Uint8Array(width * height);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const inside = Math.hypot(x + 0.5 - x0, y + 0.5 - y0) < radius;
        if (inside) mask.data[y * width + x] = 1;
        gray[y * width + x] = (inside ? (bright ? 200 : 20) : 100) + random.integer(40);
      }
    }
    return {
      set: 'discs',
      file: `disc-${index}.png`,
      frame: { width, height, gray },
      mask,
      position,
      type: 'tumor',
      classIndex: bright,
      tellsMalignancy: true,
    } satisfies DatasetItem;
  });
}
