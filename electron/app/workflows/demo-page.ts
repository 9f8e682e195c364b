// Owns the page of the demonstration: a pure function from what was measured, and the names of the pictures beside it, to HTML.
import type { ExportResult, TrainingProgress, TrainingResult } from '../../common/api.ts';

export interface DemoFrame {
  /** "phantom-2, frame 1" */
  readonly title: string;
  /** Its patient was kept out of synchronization. */
  readonly heldOut: boolean;
  readonly absent: boolean;
  /** Dice against the true outline, with the base model and after synchronization. */
  readonly diceBefore: number;
  readonly diceAfter: number;
  /** File names, relative to the page. */
  readonly pictures: {
    readonly frame: string;
    readonly before: string;
    readonly truth: string;
    readonly after: string;
  };
}

export interface DemoRecord {
  readonly title: string;
  readonly version: string;
  readonly createdAt: string;
  readonly model: { readonly id: string; readonly title: string };
  readonly label: { readonly name: string; readonly position: string; readonly type: string };
  readonly provider: string;
  readonly seed: number;
  readonly frames: readonly DemoFrame[];
  readonly synchronization: TrainingResult;
  readonly history: readonly TrainingProgress[];
  readonly exports: readonly ExportResult[];
  readonly seconds: number;
}

export interface DemoFigures {
  readonly corrections: number;
  readonly heldOut: number;
  /** Mean Dice over the frames held out. */
  readonly diceBefore: number;
  readonly diceAfter: number;
}

export function demoFigures({ frames, synchronization }: Pick<DemoRecord, 'frames' | 'synchronization'>): DemoFigures {
  const heldOut = frames.filter((frame) => frame.heldOut);
  return {
    corrections: synchronization.corrections,
    heldOut: heldOut.length,
    diceBefore: mean(heldOut.map((frame) => frame.diceBefore)),
    diceAfter: mean(heldOut.map((frame) => frame.diceAfter)),
  };
}

/** Self-contained but for the pictures: no script, nothing from elsewhere. */
export function renderDemoPage(demo: DemoRecord): string {
  const { corrections, heldOut, diceBefore, diceAfter } = demoFigures(demo);
  const { synchronization, label, model } = demo;
  const heldOutFrames = demo.frames.filter((frame) => frame.heldOut);
  const correctedFrames = demo.frames.filter((frame) => !frame.heldOut);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(demo.title)} · SonoSync</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="badge">Simulated pictures of no person</p>
<h1>${escapeHtml(demo.title)}</h1>
<p>Propose, correct, synchronize, propose again: “${escapeHtml(label.name)}” (${label.position}, ${label.type}) with
${escapeHtml(model.title)}. The true outlines of ${corrections} frames stood in for a reader's corrections;
${heldOut} frames of other patients were held out and seen by neither training nor selection.</p>
<dl class="figures">
${figure('Held-out Dice before', diceBefore.toFixed(3))}
${figure('Held-out Dice after', diceAfter.toFixed(3), diceAfter > diceBefore ? 'better' : diceAfter < diceBefore ? 'worse' : '')}
${figure('Corrections', String(corrections))}
${figure('Synchronization', `${synchronization.seconds.toFixed(1)} s`)}
</dl>
<p class="${synchronization.activated ? 'note' : 'note caution'}">${escapeHtml(synchronization.reason)}</p>
${synchronization.caution === null ? '' : `<p class="note caution">${escapeHtml(synchronization.caution)}</p>`}
</header>
<main>
<section><h2>Validation during synchronization</h2>
${renderCurve(demo)}
</section>
<section><h2>Held-out frames</h2>
${heldOutFrames.map((frame) => renderFrame(frame, 'True outline, never shown to training')).join('\n')}
</section>
<section><h2>Corrected frames</h2>
<p>These trained or selected the adapter: their Dice afterwards says nothing about new patients.</p>
${correctedFrames.map((frame) => renderFrame(frame, 'Correction')).join('\n')}
</section>
<section><h2>Exports</h2>
<table><thead><tr><th>Format</th><th>Annotations</th><th>Read back, lowest IoU</th><th>Not carried</th></tr></thead><tbody>
${demo.exports.map(renderExport).join('\n')}
</tbody></table>
</section>
</main>
<footer>SonoSync ${escapeHtml(demo.version)} · model ${escapeHtml(model.id)} · ${escapeHtml(demo.provider)} · seed ${demo.seed} ·
${demo.seconds.toFixed(0)} s in all · ${escapeHtml(demo.createdAt)} · not for clinical use</footer>
</body>
</html>
`;
}

function figure(name: string, value: string, tone = ''): string {
  return `<div><dt>${name}</dt><dd class="${tone}">${value}</dd></div>`;
}

function renderFrame(frame: DemoFrame, truthCaption: string): string {
  const { title, absent, diceBefore, diceAfter, pictures } = frame;
  const change = diceAfter - diceBefore;
  const tone = change > 0.0005 ? 'better' : change < -0.0005 ? 'worse' : '';
  const picture = (file: string, caption: string) =>
    `<figure><a href="${escapeHtml(file)}"><img loading="lazy" src="${escapeHtml(file)}" alt="${escapeHtml(`${title}: ${caption}`)}"></a><figcaption>${caption}</figcaption></figure>`;
  return `<article>
<h3>${escapeHtml(title)}${absent ? ' <small>the lesion is not in this frame</small>' : ''}
<span class="dice">Dice ${diceBefore.toFixed(3)} → <b class="${tone}">${diceAfter.toFixed(3)}</b></span></h3>
<div class="strip">
${picture(pictures.frame, 'Frame')}
${picture(pictures.before, 'Proposal')}
${picture(pictures.truth, absent ? `${truthCaption}: empty` : truthCaption)}
${picture(pictures.after, 'Proposal after synchronization')}
</div>
</article>`;
}

function renderExport({ format, annotations, fidelity }: ExportResult): string {
  const lost = fidelity.lost.length === 0 ? 'nothing' : fidelity.lost.map(escapeHtml).join('<br>');
  return `<tr><td>${escapeHtml(format)}</td><td>${annotations}</td><td>${fidelity.minIoU.toFixed(4)}</td><td>${lost}</td></tr>`;
}

/** Dice on validation by step, with the level from before as a dashed line. */
function renderCurve({ history, synchronization }: DemoRecord): string {
  const points = history.flatMap(({ step, validationDice }) =>
    validationDice === null ? [] : [{ step, dice: validationDice }],
  );
  if (points.length < 2) return '<p>Too few measurements for a curve.</p>';
  const [width, height, left, bottom] = [640, 200, 44, 26];
  const dices = [...points.map(({ dice }) => dice), synchronization.validationBefore];
  const [low, high] = [Math.min(...dices) - 0.02, Math.max(...dices) + 0.02];
  const lastStep = Math.max(...points.map(({ step }) => step), 1);
  const x = (step: number) => (left + (step / lastStep) * (width - left - 10)).toFixed(1);
  const y = (dice: number) => (8 + ((high - dice) / (high - low)) * (height - bottom - 8)).toFixed(1);
  const line = points.map(({ step, dice }) => `${x(step)},${y(dice)}`).join(' ');
  const before = y(synchronization.validationBefore);
  return `<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="Dice on validation by step">
<line class="axis" x1="${left}" y1="8" x2="${left}" y2="${height - bottom}"/><line class="axis" x1="${left}" y1="${height - bottom}" x2="${width - 10}" y2="${height - bottom}"/>
<text x="${left - 6}" y="${Number(y(high - 0.02)) + 4}" text-anchor="end">${(high - 0.02).toFixed(2)}</text>
<text x="${left - 6}" y="${Number(y(low + 0.02)) + 4}" text-anchor="end">${(low + 0.02).toFixed(2)}</text>
<text x="${left}" y="${height - 8}">0</text><text x="${width - 10}" y="${height - 8}" text-anchor="end">step ${lastStep}</text>
<line class="before" x1="${left}" y1="${before}" x2="${width - 10}" y2="${before}"/>
<text x="${width - 14}" y="${Number(before) - 5}" text-anchor="end">before</text>
<polyline points="${line}"/>
</svg>`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const style = `
:root { color-scheme: dark; --ground: #10151b; --panel: #1a222b; --line: #2c3844; --text: #e3eaf0; --quiet: #93a3b1; --good: #56b4e9; --bad: #e69f00; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.55 system-ui, sans-serif; }
header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 36px; }
h1 { margin: 8px 0; font-size: 28px; } h2 { margin: 40px 0 8px; font-size: 20px; } h3 { margin: 0 0 8px; font-size: 15px; display: flex; gap: 12px; }
h3 small, p, footer, figcaption, dt { color: var(--quiet); } header p { max-width: 80ch; }
.badge { display: inline-block; margin: 0; padding: 2px 10px; border: 1px solid var(--bad); border-radius: 99px; color: var(--bad); font-size: 12px; }
.figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0; }
.figures div { padding: 12px 20px; background: var(--panel); border-radius: 10px; } dd { margin: 0; font-size: 26px; font-variant-numeric: tabular-nums; }
.better { color: var(--good); } .worse { color: var(--bad); }
.note { padding: 8px 14px; border-left: 3px solid var(--good); background: var(--panel); } .caution { border-color: var(--bad); }
article { margin: 14px 0; padding: 14px; background: var(--panel); border-radius: 10px; }
.dice { margin-left: auto; font-weight: 400; font-variant-numeric: tabular-nums; }
.strip { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; } @media (max-width: 800px) { .strip { grid-template-columns: repeat(2, 1fr); } }
figure { margin: 0; } img { display: block; width: 100%; border-radius: 6px; background: #000; } figcaption { padding-top: 4px; font-size: 13px; }
table { border-collapse: collapse; } th, td { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.curve { width: 640px; max-width: 100%; background: var(--panel); border-radius: 10px; } .curve text { fill: var(--quiet); font: 12px system-ui, sans-serif; }
.curve .axis { stroke: var(--line); } .curve .before { stroke: var(--quiet); stroke-dasharray: 5 5; } .curve polyline { fill: none; stroke: var(--good); stroke-width: 2.5; }
footer { padding: 40px 24px; font-size: 13px; }
`;
