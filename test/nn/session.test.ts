import { describe, expect, it } from 'vitest';
import { Graph } from '../../electron/nn/graph.ts';
import { mul } from '../../electron/nn/ops.ts';
import { createGraphSession } from '../../electron/nn/session.ts';

function squares(): Graph {
  const g = new Graph();
  const x = g.input('x', [2, 2]);
  g.output('y', mul(g, x, x));
  return g;
}

describe('a session', () => {
  it('runs a graph on the CPU', async () => {
    const session = await createGraphSession(squares(), 'squares');
    const { y } = await session.run({ x: Float32Array.of(1, -2, 3, 4) });
    expect([...y]).toEqual([1, 4, 9, 16]);
    await session.release();
  });

  it('says which network failed on which provider when a run fails', async () => {
    const g = new Graph();
    const x = g.input('x', [4]);
    const [picked] = g.append('Gather', [x, g.integers([9])], { axis: { int: 0 } }); // there are only four
    g.output('y', picked);
    const session = await createGraphSession(g, 'picker');
    await expect(session.run({ x: new Float32Array(4) })).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringContaining('picker failed on the cpu provider'),
    });
    await session.release();
  });

  it('is refused by name for a provider that this system does not have: no silent run on the CPU', async () => {
    const foreign = process.platform === 'win32' ? 'coreml' : 'dml';
    await expect(createGraphSession(squares(), 'squares', { provider: foreign })).rejects.toMatchObject({
      name: 'AppError',
      code: 'engine',
      message: expect.stringContaining(foreign),
    });
  });
});
