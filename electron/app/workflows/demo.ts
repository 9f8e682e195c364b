// Owns the demonstration: the whole loop on the simulated sample study without a window. The true outlines of some patients stand in for a
// reader's corrections; the others are held out, and what is proposed for them before and after synchronization is measured.
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TrainingProgress } from '../../common/api.ts';
import { AppError } from '../../common/errors.ts';
import { decodeMask, maskDice } from '../../common/mask.ts';
import type { BinaryMask } from '../../common/mask.ts';
import type { Frame, Label } from '../../common/study.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { encodePng } from '../../files/image.ts';
import { decodeMaskPng } from '../../files/mask-image.ts';
import { exportFormats } from '../../export/registry.ts';
import { requireModel } from '../context.ts';
import type { AppContext } from '../context.ts';
import { correctAnnotation } from './annotate.ts';
import { demoFigures, renderDemoPage } from './demo-page.ts';
import type { DemoFigures, DemoFrame, DemoRecord } from './demo-page.ts';
import { overlayMask } from './demo-pictures.ts';
import type { Color } from './demo-pictures.ts';
import { exportAnnotations } from './export.ts';
import { addSampleStudy, readSampleStudy, sampleFolder } from './first-run.ts';
import type { SampleStudy } from './first-run.ts';
import { propose } from './propose.ts';
import { synchronize } from './synchronize.ts';

export interface DemoOptions {
  /** Where the page, its pictures and the exports go; it exists. */
  readonly folder: string;
  readonly resourcesFolder: string;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly note?: (message: string) => void;
}

export interface DemoResult extends DemoFigures {
  readonly page: string;
  readonly record: DemoRecord;
}

/** One patient of so many is held out. */
const heldOutEvery = 3;

/** Colour-blind-safe (Okabe and Ito): what the network proposes, and what is true. */
const proposalColor: Color = [86, 180, 233];
const truthColor: Color = [230, 159, 0];

interface Case {
  readonly frame: Frame;
  readonly title: string;
  /** Start of its pictures' names. */
  readonly stem: string;
  readonly heldOut: boolean;
  readonly truth: BinaryMask;
  readonly maskFile: string;
  before: BinaryMask | null;
}

/** Runs the loop in an empty workspace and writes index.html. Throws what the parts throw; without a model nothing can be shown. */
export async function runDemo(context: AppContext, options: DemoOptions): Promise<DemoResult> {
  const { folder, resourcesFolder, seed, signal, note = () => undefined } = options;
  const started = performance.now();
  const model = requireModel(context);
  await addSampleStudy(context, resourcesFolder);
  const sample = await readSampleStudy(resourcesFolder);
  const label = context.store.labelNamed(sample.label);
  const cases = await listCases(context, sample, resourcesFolder);

  note(`Proposing for ${cases.length} frames with ${model.title} ...`);
  let provider = '';
  for (const each of cases) {
    const outcome = await propose(context, { frameId: each.frame.id, labelId: label.id }, { signal });
    provider = outcome.provider;
    each.before = decodeMask(outcome.proposal.mask, each.frame.width, each.frame.height);
  }
  for (const { heldOut, frame, truth, maskFile } of cases) {
    if (!heldOut) correctAnnotation(context, frame, label, truth, maskFile);
  }
  note(`Synchronizing on ${context.store.countCorrections(label.id)} corrections ...`);
  const history: TrainingProgress[] = [];
  const synchronization = await synchronize(context, label.id, {
    seed,
    ...(signal ? { signal } : {}),
    onProgress: (progress) => history.push(progress),
  });
  note(synchronization.reason);

  await mkdir(join(folder, 'pictures'), { recursive: true });
  const frames: DemoFrame[] = [];
  for (const each of cases) frames.push(await finishCase(context, label, each, folder, signal));
  const exports = [];
  for (const { id } of exportFormats) {
    const target = join(folder, 'exports', id);
    exports.push(await exportAnnotations(context, { format: id, folder: target }));
  }
  const record: DemoRecord = {
    title: sample.title,
    version: context.version,
    createdAt: new Date().toISOString(),
    model,
    label,
    provider,
    seed,
    frames,
    synchronization,
    history,
    exports,
    seconds: (performance.now() - started) / 1000,
  };
  const page = join(folder, 'index.html');
  await writeFileAtomic(page, new TextEncoder().encode(renderDemoPage(record)));
  return { page, record, ...demoFigures(record) };
}

async function listCases({ store }: AppContext, sample: SampleStudy, resourcesFolder: string): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [index, patient] of sample.patients.entries()) {
    for (const [place, { image, mask }] of patient.frames.entries()) {
      const maskFile = join(sampleFolder(resourcesFolder), mask);
      cases.push({
        frame: store.frameOf(basename(image), 1),
        title: `${patient.id}, frame ${place + 1}`,
        stem: basename(image, '.png'),
        heldOut: index % heldOutEvery === 1,
        truth: await readTruth(maskFile),
        maskFile,
        before: null,
      });
    }
  }
  return cases;
}

async function readTruth(file: string): Promise<BinaryMask> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('not-found', `${file} is missing from this installation.`, { cause });
  });
  return decodeMaskPng(bytes, file);
}

/** Proposes once more, measures, and writes the four pictures. */
async function finishCase(
  context: AppContext,
  label: Label,
  { frame, title, stem, heldOut, truth, before }: Case,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<DemoFrame> {
  const { proposal } = await propose(context, { frameId: frame.id, labelId: label.id }, { signal });
  const after = decodeMask(proposal.mask, frame.width, frame.height);
  const first = before ?? after;
  const picture = await context.store.framePicture(frame.id);
  const pictures = {
    frame: `pictures/${stem}-frame.png`,
    before: `pictures/${stem}-proposal.png`,
    truth: `pictures/${stem}-${heldOut ? 'truth' : 'correction'}.png`,
    after: `pictures/${stem}-synchronized.png`,
  };
  const write = async (file: string, content: typeof picture) =>
    writeFileAtomic(join(folder, file), await encodePng(content));
  await write(pictures.frame, picture);
  await write(pictures.before, overlayMask(picture, first, proposalColor));
  await write(pictures.truth, overlayMask(picture, truth, truthColor));
  await write(pictures.after, overlayMask(picture, after, proposalColor));
  return {
    title,
    heldOut,
    absent: !truth.data.includes(1),
    diceBefore: maskDice(first, truth),
    diceAfter: maskDice(after, truth),
    pictures,
  };
}
