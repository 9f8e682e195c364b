import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { countMaskPixels, maskBox } from '../../electron/common/mask.ts';
import { decodeCocoRuns, encodeCocoRuns } from '../../electron/export/run-length.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { drawMask, hardMasks } from './annotation-samples.ts';

describe("COCO's run lengths", () => {
  it('are those that pycocotools gives', () => {
    // From pycocotools 2.0: mask.encode(np.asfortranarray(...)).
    expect(encodeCocoRuns(drawMask('.#', '##')).counts).toBe('13');
    expect(encodeCocoRuns(hardMasks['a hole']).counts).toBe('641M10O0010O10O34');
    expect(encodeCocoRuns(hardMasks['two parts that touch at a corner']).counts).toBe('023020N02O');
    expect(encodeCocoRuns(drawMask('##', '##')).counts).toBe('04');
    expect(encodeCocoRuns(drawMask('...', '...')).counts).toBe('6');
  });

  it.each(Object.entries(hardMasks))('bring back %s', (_, mask) => {
    expect(decodeCocoRuns(encodeCocoRuns(mask))).toEqual(mask);
  });

  it('run through every column in order, wherever the mask touches the frame', () => {
    const random = createRandom(11);
    for (let i = 0; i < 300; i += 1) {
      const [width, height] = [1 + random.integer(7), 1 + random.integer(7)];
      const [left, top] = [random.integer(width), random.integer(height)];
      const [right, bottom] = [left + 1 + random.integer(width - left), top + 1 + random.integer(height - top)];
      // Blocks that reach the frame's edges or not, some with gaps.
      const data = Uint8Array.from({ length: width * height }, (_, at) => {
        const [x, y] = [at % width, Math.floor(at / width)];
        return x >= left && x < right && y >= top && y < bottom && random.next() < 0.8 ? 1 : 0;
      });
      const mask = { width, height, data };
      const columns = Array.from(
        { length: width * height },
        (_, at) => data[(at % height) * width + Math.floor(at / height)],
      );
      const counts = columns.reduce<number[]>((runs, value) => {
        if (value !== (runs.length - 1) % 2) runs.push(0);
        runs[runs.length - 1] += 1;
        return runs;
      }, [0]); // prettier-ignore
      expect(decodeCocoRuns({ size: [height, width], counts })).toEqual(mask);
      expect(decodeCocoRuns(encodeCocoRuns(mask))).toEqual(mask);
    }
  });

  it('use printable characters only', () => {
    for (const mask of Object.values(hardMasks)) expect(encodeCocoRuns(mask).counts).toMatch(/^[0-o]+$/);
  });

  it.each([
    ['cut in the middle of a number', 'o'],
    ['with a character that is none of theirs', '1 2'],
    ['that cover too few pixels', '11'],
    ['that cover too many', '77'],
    ['with a negative run', '1112N'],
    ['with an endless number', 'oooooooooo0'],
  ])('are refused %s', (_, counts) => {
    expect(() => decodeCocoRuns({ size: [2, 2], counts })).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });
});

// A decoder of its own making, from the description of the format, in another language.
const reader = `
import json, sys
import numpy as np
for line in sys.stdin:
    rle = json.loads(line)
    runs, number, shift = [], 0, 0
    for character in rle['counts']:
        group = ord(character) - 48
        number |= (group & 31) << shift
        shift += 5
        if group & 32:
            continue
        if group & 16:
            number -= 1 << shift
        runs.append(number + (runs[-2] if len(runs) > 2 else 0))
        number, shift = 0, 0
    values = np.repeat(np.arange(len(runs)) % 2, runs)
    mask = values.reshape(rle['size'], order='F')
    rows, columns = np.nonzero(mask)
    print(json.dumps({'rows': mask.tolist(), 'area': int(mask.sum()),
      'box': [int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1]}))
`;
const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

describe.skipIf(!hasNumpy)("COCO's run lengths in Python (skipped without python3 and numpy)", () => {
  it('are the same masks, areas and boxes', () => {
    const masks = Object.values(hardMasks);
    const input = masks.map((mask) => JSON.stringify(encodeCocoRuns(mask))).join('\n');
    const lines = execFileSync('python3', ['-c', reader], { input, encoding: 'utf8' }).trim().split('\n');
    expect(lines).toHaveLength(masks.length);
    lines.forEach((line, index) => {
      const read = JSON.parse(line) as { rows: number[][]; area: number; box: number[] };
      const mask = masks[index];
      expect(read.rows.flat()).toEqual([...mask.data]);
      expect(read.area).toBe(countMaskPixels(mask));
      const box = maskBox(mask);
      expect(read.box).toEqual([box?.x, box?.y, box?.width, box?.height]);
    });
  });
});
