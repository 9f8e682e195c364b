// Owns the frames that a long job asks the host for: one by one, when it needs them, so that no message and no process ever holds all of them.
import type { EngineImage } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import { toGray } from '../inference/preprocess.ts';
import type { GrayFrame } from '../training/gray-frame.ts';

/** Grey levels that are kept for the next time. */
const roomBytes = 2 ** 26;

export class AskedFrames {
  private readonly ask: (key: string) => Promise<EngineImage>;
  private readonly kept = new Map<string, GrayFrame>();
  private room = roomBytes;

  constructor(ask: (key: string) => Promise<EngineImage>) {
    this.ask = ask;
  }

  /** Throws what the host throws, and AppError('bad-input') for a frame that comes without its pixels. */
  async read(key: string): Promise<GrayFrame> {
    const known = this.kept.get(key);
    if (known) return known;
    const { width, height, channels, pixels } = await this.ask(key);
    if (pixels?.length !== width * height * channels) {
      const found = pixels ? `${pixels.length} samples` : 'none';
      throw new AppError(
        'bad-input',
        `A corrected frame needs ${width}×${height}×${channels} samples; it came with ${found}.`,
      );
    }
    const frame = { width, height, gray: toGray({ width, height, channels, pixels }) };
    // Frames are gone through in the same order again and again: the first ones are worth more than the latest.
    if (frame.gray.length <= this.room) {
      this.room -= frame.gray.length;
      this.kept.set(key, frame);
    }
    return frame;
  }
}
