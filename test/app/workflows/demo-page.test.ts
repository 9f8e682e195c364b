import { describe, expect, it } from 'vitest';
import { demoFigures, renderDemoPage } from '../../../electron/app/workflows/demo-page.ts';
import type { DemoFrame, DemoRecord } from '../../../electron/app/workflows/demo-page.ts';
import { overlayMask } from '../../../electron/app/workflows/demo-pictures.ts';
import { createMask } from '../../../electron/common/mask.ts';

function frame(title: string, heldOut: boolean, diceBefore: number, diceAfter: number, absent = false): DemoFrame {
  const pictures = {
    frame: `${title}-f.png`,
    before: `${title}-b.png`,
    truth: `${title}-t.png`,
    after: `${title}-a.png`,
  };
  return { title, heldOut, absent, diceBefore, diceAfter, pictures };
}

const record: DemoRecord = {
  title: 'Phantoms <1 & 2>',
  version: '9.8.7',
  createdAt: '2031-05-17T09:30:00.000Z',
  model: { id: 'model-x', title: 'Model X' },
  label: { name: 'Lesion "left"', position: 'breast', type: 'tumor' },
  provider: 'cpu',
  seed: 4,
  frames: [
    frame('one', false, 0.1, 0.9),
    frame('two', true, 0.5, 0.75),
    frame('three', true, 0.25, 0.125),
    frame('four', true, 0, 1, true),
  ],
  synchronization: {
    labelId: 'l',
    adapterId: 'a',
    activated: true,
    reason: 'Activated: Dice on validation rose from 0.500 to 0.700.',
    validationBefore: 0.5,
    validationAfter: 0.7,
    caution: null,
    corrections: 12,
    seconds: 3.21,
  },
  history: [0, 10, 20].map((step) => ({
    labelId: 'l',
    phase: 'training' as const,
    step,
    steps: 20,
    loss: 1,
    validationDice: 0.5 + step / 100,
    secondsLeft: 0,
  })),
  exports: [
    {
      format: 'coco',
      folder: 'x',
      files: [],
      annotations: 12,
      verified: true,
      fidelity: { minIoU: 1, meanIoU: 1, lost: ['one <thing>'] },
    },
  ],
  seconds: 12.3,
};

describe('the figures of a demonstration', () => {
  it('are means over the frames held out only', () => {
    expect(demoFigures(record)).toEqual({ corrections: 12, heldOut: 3, diceBefore: 0.25, diceAfter: 0.625 });
  });
});

describe('the page of a demonstration', () => {
  const page = renderDemoPage(record);

  it('shows every picture of every frame, and the figures', () => {
    for (const { pictures } of record.frames) {
      for (const file of Object.values(pictures)) expect(page).toContain(`src="${file}"`);
    }
    for (const text of ['0.250', '0.625', '3.2 s', record.synchronization.reason]) expect(page).toContain(text);
    expect(page).toContain('Dice 0.500 → <b class="better">0.750</b>');
    expect(page).toContain('Dice 0.250 → <b class="worse">0.125</b>');
    expect(page).toContain('the lesion is not in this frame');
  });

  it('says that the pictures are simulated, and keeps corrected frames apart from those held out', () => {
    expect(page).toContain('Simulated pictures of no person');
    const [heldOut, corrected] = [page.indexOf('Held-out frames'), page.indexOf('Corrected frames')];
    expect(page.indexOf('one-f.png')).toBeGreaterThan(corrected);
    expect(page.indexOf('two-f.png')).toBeGreaterThan(heldOut);
    expect(page.indexOf('four-f.png')).toBeLessThan(corrected);
  });

  it('takes nothing from elsewhere and lets no text become markup', () => {
    expect(page).not.toMatch(/<script|https?:\/\/|@import|url\(/);
    expect(page).toContain('Phantoms &lt;1 &amp; 2&gt;');
    expect(page).toContain('Lesion &quot;left&quot;');
    expect(page).toContain('one &lt;thing&gt;');
  });

  it('says so where nothing was activated', () => {
    const synchronization = {
      ...record.synchronization,
      activated: false,
      reason: 'Not activated.',
      caution: 'Careful.',
    };
    const other = renderDemoPage({ ...record, synchronization, history: [] });
    expect(other).toContain('<p class="note caution">Not activated.</p>');
    expect(other).toContain('<p class="note caution">Careful.</p>');
    expect(other).toContain('Too few measurements');
  });
});

describe('a mask laid over a frame', () => {
  it('is a tint within an outline of two pixels; what lies outside keeps its grey', () => {
    const pixels = new Uint8Array(100).fill(100);
    const mask = createMask(10, 10);
    for (let row = 2; row < 9; row += 1) mask.data.fill(1, row * 10 + 2, row * 10 + 9);
    const picture = overlayMask({ width: 10, height: 10, channels: 1, pixels }, mask, [200, 0, 100]);
    const at = (column: number, row: number) => {
      const start = (row * 10 + column) * 3;
      return Array.from(picture.pixels.subarray(start, start + 3));
    };
    expect(at(0, 0)).toEqual([100, 100, 100]);
    expect(at(2, 2)).toEqual([200, 0, 100]);
    expect(at(3, 5)).toEqual([200, 0, 100]);
    expect(at(5, 5)).toEqual([128, 72, 100]);
  });
});
