// Owns index.html of an evaluation: one page for a sonographer, with a table for each question and the worst cases as pictures. It needs
// nothing but the PNG files beside it: no script, no other host.
import type { Mode } from '../common/prompts.ts';
import type { ClassificationMetrics } from './classification-metrics.ts';
import type { ImageResult, ModelEvaluation, SetMetrics } from './evaluate-images.ts';
import { outlineColors } from './evaluation-report-pictures.ts';

/** What was measured and how: enough to do it again. */
export interface EvaluationSettings {
  readonly model: { readonly id: string; readonly title: string; readonly hash: string };
  readonly dataset: string;
  readonly split: string;
  readonly input: Mode;
  readonly jitter: number;
  readonly flip: boolean;
  readonly secondLook: boolean;
  readonly seed: number;
  readonly provider: string;
}

export interface EvaluationReport {
  readonly settings: EvaluationSettings;
  readonly evaluation: ModelEvaluation;
  /** Sets that have no such split, in words. */
  readonly skipped: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
}

/** One of the worst images, as the page shows it. */
export interface WorstCase {
  readonly result: ImageResult;
  readonly dice: number;
  /** Pixels of the proposed mask and of the true one. */
  readonly proposedArea: number;
  readonly trueArea: number;
  /** File names beside the page. */
  readonly outlined: string;
  readonly plain: string;
}

/** `worst`: worst first. */
export function reportPage(
  { settings, evaluation, skipped, createdAt }: EvaluationReport,
  worst: readonly WorstCase[],
): string {
  const { model, split, input, jitter, flip, secondLook } = settings;
  const sets = Object.entries(evaluation.sets);
  const classified = Object.entries(evaluation.classification);
  const box = `a box that was drawn on the target, each side off by up to ${(100 * jitter).toFixed(0)} % of the box`;
  const seen = {
    whole: 'the whole frame',
    local: `a crop around ${box}`,
    location: `the whole frame, brighter in ${box}`,
  }[input];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(model.title)}: evaluation</title>
<style>${styles}</style>
</head>
<body>
<header>
<h1>How well ${escaped(model.title)} agrees with the true outlines</h1>
<p>Measured on the <b>${escaped(split)}</b> images; the network saw ${seen}${flip ? ', and its mirror image' : ''}${secondLook ? ', then the crop around what it had found' : ''}.
Model <code>${escaped(model.id)}</code>, ${escaped(model.hash.slice(0, 12))}; ${escaped(createdAt.slice(0, 10))}.</p>
${skipped.length > 0 ? `<p>Left out: ${skipped.map(escaped).join(' ')}</p>` : ''}
</header>
${sets.length > 0 ? maskSection(sets, evaluation.meanDice) : ''}
${classified.length > 0 ? classSection(classified) : ''}
${worst.length > 0 ? worstSection(worst) : ''}
</body>
</html>
`;
}

function maskSection(sets: readonly (readonly [string, SetMetrics])[], meanDice: number): string {
  const inMm = sets.some(([, { hd95Mm }]) => hd95Mm !== null);
  const rows = sets.map(([name, set]) => [
    name,
    String(set.n),
    `<b>${set.dice.toFixed(3)}</b> <small>(${set.diceInterval.map((end) => end.toFixed(3)).join(' to ')})</small>`,
    set.diceMedian.toFixed(3),
    set.diceWorstDecile.toFixed(3),
    set.iou.toFixed(3),
    distance(set.hd95),
    distance(set.assd),
    ...(inMm ? [distance(set.hd95Mm), distance(set.assdMm)] : []),
    String(set.withoutDistance),
  ]);
  const millimetres = inMm ? ['Far gap (HD95), mm', 'Mean gap (ASSD), mm'] : [];
  return `<section>
<h2>Outlines</h2>
${table(['Set', 'Images', 'Dice, mean (95 % interval)', 'Dice, median', 'Dice, worst tenth', 'IoU', 'Far gap (HD95), pixels', 'Mean gap (ASSD), pixels', ...millimetres, 'Missed'], rows)}
<p>Mean Dice over the sets: <b>${meanDice.toFixed(3)}</b>.</p>
<dl>
<dt>Dice</dt><dd>Overlap of the proposed and the true area: 1 is the same area, 0 is no overlap. The interval says how far the mean may be
off because there are only so many images (each counted as a patient of its own).</dd>
<dt>Worst tenth</dt><dd>Mean Dice of the tenth of the images that came out worst: what to expect on a bad day.</dd>
<dt>IoU</dt><dd>The shared area over the joined area; the same as Dice on a stricter scale.</dd>
<dt>Far gap</dt><dd>95 % of either outline is at most this far from the other. One stray blob makes it large.</dd>
<dt>Mean gap</dt><dd>The mean distance between the two outlines.</dd>
<dt>Missed</dt><dd>Images where nothing was proposed, or where something was and nothing is there. They have no gap and count with Dice 0.</dd>
</dl>
</section>`;
}

function classSection(sets: readonly (readonly [string, ClassificationMetrics])[]): string {
  const rows = sets.map(([name, set]) => [
    name,
    `${set.n} <small>(${set.positives} malignant)</small>`,
    `<b>${percent(set.accuracy)}</b>`,
    percent(set.majorityRate),
    percent(set.balancedAccuracy),
    percent(set.sensitivity),
    percent(set.specificity),
    set.auc === null ? '–' : set.auc.toFixed(3),
    set.expectedCalibrationError.toFixed(3),
  ]);
  return `<section>
<h2>Benign or malignant</h2>
${table(['Set', 'Images', 'Right', 'Right by always saying the commoner', 'Balanced', 'Sensitivity', 'Specificity', 'AUC', 'Calibration error'], rows)}
<dl>
<dt>Sensitivity, specificity</dt><dd>The share of malignant images called malignant, and of benign ones called benign, when malignant is said
of a probability above the share of malignant among the images that the model's probabilities were calibrated on (above 0.5 where they are
not calibrated). Balanced is the mean of the two.</dd>
<dt>AUC</dt><dd>The chance that a malignant image gets a higher probability than a benign one: 0.5 is guessing, 1 is never wrong.</dd>
<dt>Calibration error</dt><dd>How far the stated probability is from the true share of malignant images, on average: 0 is best.</dd>
</dl>
</section>`;
}

function worstSection(worst: readonly WorstCase[]): string {
  return `<section>
<h2>The ${worst.length === 1 ? 'worst case' : `${worst.length} worst cases`}, worst first</h2>
<p class="legend"><span class="truth">true outline (solid)</span> <span class="proposal">proposed outline (dashed)</span></p>
${worst.map(worstFigure).join('\n')}
</section>`;
}

function worstFigure(entry: WorstCase, index: number): string {
  const { set, file, comparison, classIndex, probability } = entry.result;
  const name = `${set}, ${file}`;
  const facts = [`Dice <b>${entry.dice.toFixed(3)}</b>`, areaInWords(entry)];
  if (comparison?.hd95 != null) facts.push(`far gap ${distance(comparison.hd95)} pixels`);
  if (comparison?.hd95Mm != null) facts.push(`(${distance(comparison.hd95Mm)} mm)`);
  if (classIndex !== null && probability !== null) {
    facts.push(
      `truly ${classIndex === 1 ? 'malignant' : 'benign'}, probability of malignancy ${probability.toFixed(2)}`,
    );
  }
  return `<figure>
<div class="pair">
<a href="${entry.outlined}"><img src="${entry.outlined}" loading="lazy" alt="${escaped(name)}: true and proposed outline"></a>
<a href="${entry.plain}"><img src="${entry.plain}" loading="lazy" alt="${escaped(name)}: the frame alone"></a>
</div>
<figcaption>${index + 1}. ${escaped(name)}: ${facts.join('; ')}</figcaption>
</figure>`;
}

function areaInWords({ proposedArea, trueArea, dice }: WorstCase): string {
  if (proposedArea === 0 && trueArea === 0) return 'rightly nothing';
  if (proposedArea === 0) return 'nothing proposed';
  if (trueArea === 0) return 'proposed where nothing is';
  const size = `proposed area ${((100 * proposedArea) / trueArea).toFixed(0)} % of the true one`;
  return dice === 0 ? `elsewhere, ${size}` : size;
}

/** Cells are HTML, but for the first of each row, which is text. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map(
    ([name, ...cells]) =>
      `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
  );
  return `<div class="wide"><table>
<thead><tr>${head.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

function distance(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}

function percent(value: number | null): string {
  return value === null ? '–' : `${(100 * value).toFixed(1)} %`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const styles = `
:root { color-scheme: dark; }
body { margin: 0 auto; padding: 24px; max-width: 1320px; background: #101315; color: #e4e7ea; font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 32px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 14px; border-bottom: 1px solid #2b3136; text-align: right; vertical-align: bottom; }
th:first-child { text-align: left; padding-left: 0; }
thead th { color: #a9b2ba; font-weight: 500; max-width: 130px; }
small, dd { color: #a9b2ba; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; max-width: 900px; }
dt { font-weight: 600; } dd { margin: 0; }
figure { margin: 0 0 24px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; background: #000; }
.pair img { display: block; width: 100%; height: auto; }
figcaption { padding-top: 6px; }
.legend span { padding-left: 38px; margin-right: 24px; position: relative; }
.legend span::before { content: ''; position: absolute; left: 0; top: 50%; width: 30px; border-top: 3px solid; }
.legend .truth::before { border-color: rgb(${outlineColors.truth.join(' ')}); }
.legend .proposal::before { border-top-style: dashed; border-color: rgb(${outlineColors.proposal.join(' ')}); }
`;
