// Owns the folder that an evaluation leaves: report.json (all figures), images.csv (one line an image), index.html (for people) and the
// pictures of the worst cases. A folder that holds anything else is never written into.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { decodeMask } from '../common/mask.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { listFolder } from '../files/folder-names.ts';
import { encodePng } from '../files/image.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import type { ImageResult } from './evaluate-images.ts';
import { reportPage, type EvaluationReport, type WorstCase } from './evaluation-report-page.ts';
import { enlargedFrame, outlinedFrame } from './evaluation-report-pictures.ts';
import { imageTable } from './evaluation-report-table.ts';

const reportKind = 'sonosync-evaluation';
const worstCases = 10;
const pictureName = /^worst-\d\d(-frame)?\.png$/;

/**
 * Makes the folder, or finds it empty or with an earlier evaluation. Throws AppError('conflict') where it holds something else, which
 * writing would mix with or replace, and AppError('storage') where it cannot be made.
 */
export async function openReportFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('storage', `The folder ${folder} cannot be made.`, { cause });
  });
  // Hidden files are the system's own, or what a write that was cut off left behind.
  const entries = ((await listFolder(folder)) ?? []).filter(({ name }) => !name.startsWith('.'));
  if (entries.length > 0 && !(await holdsReport(folder))) {
    throw new AppError(
      'conflict',
      `Expected ${folder} to be new, empty or an earlier evaluation; it holds other files (${entries[0].name}). Name another folder.`,
    );
  }
}

async function holdsReport(folder: string): Promise<boolean> {
  try {
    const report: unknown = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    return typeof report === 'object' && report !== null && 'kind' in report && report.kind === reportKind;
  } catch {
    return false;
  }
}

/** Writes the report into a folder from openReportFolder; `results` belong to `items`, in their order. An earlier report is replaced. */
export async function writeReport(
  folder: string,
  report: EvaluationReport,
  items: readonly DatasetItem[],
  results: readonly ImageResult[],
  context: Pick<JobContext<never>, 'turn'>,
): Promise<void> {
  const write = (name: string, content: Uint8Array | string): Promise<void> =>
    writeFileAtomic(join(folder, name), typeof content === 'string' ? new TextEncoder().encode(content) : content);
  await write('report.json', `${JSON.stringify({ kind: reportKind, formatVersion: 1, ...report }, null, 2)}\n`);
  await write('images.csv', imageTable(results));
  for (const { name } of (await listFolder(folder)) ?? []) {
    if (pictureName.test(name)) await rm(join(folder, name), { force: true });
  }
  const worst: WorstCase[] = [];
  for (const index of worstFirst(results).slice(0, worstCases)) {
    const result = results[index];
    const { frame, mask } = items[index];
    const proposal = decodeMask(result.proposal!, frame.width, frame.height);
    const stem = `worst-${String(worst.length + 1).padStart(2, '0')}`;
    const entry: WorstCase = {
      result,
      dice: result.comparison!.dice,
      proposedArea: area(proposal.data),
      trueArea: area(mask!.data),
      outlined: `${stem}.png`,
      plain: `${stem}-frame.png`,
    };
    await write(entry.outlined, await encodePng(outlinedFrame(frame, mask!, proposal)));
    await write(entry.plain, await encodePng(enlargedFrame(frame)));
    worst.push(entry);
    await context.turn();
  }
  await write('index.html', reportPage(report, worst));
}

/** Indices of the results with a mask, lowest Dice first; of equal ones the farther outline first, no distance at all before any. */
function worstFirst(results: readonly ImageResult[]): number[] {
  const figures = results.flatMap(({ comparison }, index) =>
    comparison ? [{ index, dice: comparison.dice, hd95: comparison.hd95 ?? Number.MAX_VALUE }] : [],
  );
  return figures.sort((a, b) => a.dice - b.dice || b.hd95 - a.hd95 || a.index - b.index).map(({ index }) => index);
}

function area(data: Uint8Array): number {
  return data.reduce((sum, pixel) => sum + pixel, 0);
}
