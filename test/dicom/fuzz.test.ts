import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../electron/common/errors.ts';
import { DicomDecoder } from '../../electron/dicom/decoder.ts';
import { isDicomDirectory, readDicomDirectory } from '../../electron/dicom/read-directory.ts';
import { startEncoders } from './encode-pixels.ts';
import { mutate, seededRandom, type Mutation } from './mutate.ts';
import { pixelSamples } from './pixel-samples.ts';
import { writeDicom, type TestElement } from './write-dicom.ts';

const generatedMutations = 5000;
const realMutationsEach = 8;
const limitMs = 4000;
/** What a busy machine adds: a new thread, and this test beside it. */
const slackMs = 3000;
const memoryLimitBytes = 1024 ** 3;

const realFolder = join(process.env.SONOSYNC_DATA ?? '../shared/data', 'dicom');
const realNames = existsSync(realFolder) ? readdirSync(realFolder).filter((name) => name.endsWith('.dcm')) : [];

interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Outcome {
  readonly name: string;
  readonly kind: string;
  /** Null where the file and its first and last frame could be shown. */
  readonly error: unknown;
  readonly longestMs: number;
}

/** Damages each sample in turn, `count` times in all, two at a time; the outcome of each, and the most memory that was taken on the way. */
async function damage(samples: readonly Sample[], count: number, seed: number) {
  const random = seededRandom(seed);
  const mutations = Array.from({ length: count }, (_, index): Mutation & { name: string } => {
    const { name, bytes } = samples[index % samples.length];
    return { name, ...mutate(bytes, samples[Math.floor(random() * samples.length)].bytes, random) };
  });
  const decoder = new DicomDecoder({ threads: 2, limitMs: () => limitMs });
  onTestFinished(() => decoder.close());
  const outcomes: Outcome[] = [];
  const before = process.memoryUsage().rss;
  let peak = before;
  const queue = mutations.values();
  const work = async () => {
    for (const { name, kind, bytes } of queue) {
      const { error, longestMs } = await show(decoder, bytes);
      outcomes.push({ name, kind, error, longestMs });
      peak = Math.max(peak, process.memoryUsage().rss);
    }
  };
  await Promise.all([work(), work()]);
  return { outcomes, memoryBytes: peak - before };
}

async function show(decoder: DicomDecoder, bytes: Uint8Array): Promise<{ error: unknown; longestMs: number }> {
  let longestMs = 0;
  const timed = async <T>(step: Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await step;
    } finally {
      longestMs = Math.max(longestMs, performance.now() - start);
    }
  };
  try {
    const file = await timed(decoder.open(bytes, 'damaged.dcm'));
    for (const frameNumber of new Set([1, file.frameCount])) {
      const { width, height, channels, pixels } = await timed(file.frame(frameNumber));
      if (pixels.length !== width * height * channels) throw new Error('A picture has not the size that it says.');
    }
    return { error: null, longestMs };
  } catch (error) {
    return { error, longestMs };
  }
}

function expectSound({ outcomes, memoryBytes }: Awaited<ReturnType<typeof damage>>): void {
  const unsound = outcomes.filter(
    ({ error, longestMs }) =>
      longestMs > limitMs + slackMs ||
      // A thread may be stopped by a decoder that hangs or fills its memory; nothing else ends it.
      String(error).includes('the decoder failed') ||
      String(error).includes('the decoder ended') ||
      (error !== null &&
        !(error instanceof AppError && error.code !== 'fault' && error.message.includes('damaged.dcm'))),
  );
  expect(unsound).toEqual([]);
  expect(memoryBytes).toBeLessThan(memoryLimitBytes);
}

let samples: readonly Sample[] = [];
beforeAll(async () => {
  await startEncoders();
  samples = await pixelSamples();
});

describe('damaged files', () => {
  it('of every coding give what can be shown, or an error by name, in time and within memory', async () => {
    const result = await damage(samples, generatedMutations, 20_260_101);
    expectSound(result);
    expect(result.outcomes).toHaveLength(generatedMutations);
    // Both happen, and often: the damage is neither fatal throughout nor without effect.
    const shown = result.outcomes.filter(({ error }) => error === null).length;
    expect(shown).toBeGreaterThan(generatedMutations / 5);
    expect(shown).toBeLessThan((generatedMutations * 4) / 5);
  }, 180_000);

  it.skipIf(realNames.length === 0)(
    'from scanners do so too',
    async () => {
      const files = realNames.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(realFolder, name))) }));
      expectSound(await damage(files, files.length * realMutationsEach, 7));
    },
    180_000,
  );

  it('that are directories of discs give records or an error by name', () => {
    const record = (path: string): readonly TestElement[] => [
      ['00041410', 'US', 0xffff],
      ['00041430', 'CS', 'IMAGE'],
      ['00041500', 'CS', path],
    ];
    const whole = writeDicom([['00041220', 'SQ', ['A\\B', 'A\\C', 'D'].map(record)]]);
    const random = seededRandom(3);
    for (let count = 0; count < 2000; count += 1) {
      const { bytes } = mutate(whole, whole, random);
      isDicomDirectory(bytes);
      try {
        const { records } = readDicomDirectory(bytes, 'DICOMDIR');
        for (const { path } of records) expect(path.join('/')).not.toMatch(/(^|\/)\.\.?(\/|$)|[\\:]/);
      } catch (error) {
        expect(error).toMatchObject({ name: 'AppError', message: expect.stringContaining('DICOMDIR') });
      }
    }
  });
});
