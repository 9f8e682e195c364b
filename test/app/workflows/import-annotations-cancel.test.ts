import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventValue } from '../../../electron/common/api.ts';
import { annotatedApp, exported, latest, otherApp } from '../../support/exchange.ts';
import { thrownBy } from '../../support/workspaces.ts';

describe('an import of annotations that ends early', () => {
  it('is cancelled between two annotations; what came in is counted, and the rest follows another time', async () => {
    const [from, to] = [await annotatedApp(), await otherApp()];
    const folder = await exported(from, 'png');
    const jobId = 'to-cancel';
    const heard: EventValue<'annotation:progressed'>[] = [];
    const unsubscribe = to.events.on('annotation:progressed', (progress) => {
      heard.push(progress);
      void to.send('import:cancel', { jobId });
    });
    const report = await to.send('annotation:import', { folder, jobId });
    unsubscribe();
    expect(heard).toEqual([{ jobId, done: 1, total: 3 }]);
    expect(report).toMatchObject({ added: 1, updated: 0, conflicts: 0, cancelled: true, trouble: null });
    expect(latest(to)).toHaveLength(1);
    expect(latest(to)[0].mask).toEqual(latest(from).find(({ id }) => id === latest(to)[0].id)?.mask);
    expect(await to.send('annotation:import', { folder, jobId })).toMatchObject({
      added: 2,
      unchanged: 1,
      cancelled: false,
    });
  });

  it('leaves nothing of what was handed over for it', async () => {
    const to = await otherApp();
    const jobId = 'handed-over';
    const parts = [{ name: 'masks.csv', start: 0, bytes: new Uint8Array(9) }];
    await to.send('import:stage', { jobId, parts });
    await to.send('import:cancel', { jobId });
    expect(await thrownBy(() => to.send('annotation:import', { jobId }))).toMatchObject({ code: 'bad-input' });
    expect(latest(to)).toEqual([]);
  });

  it('is refused a second time while it runs', async () => {
    const [from, to] = [await annotatedApp(), await otherApp()];
    const folder = await exported(from, 'png');
    const first = to.send('annotation:import', { folder, jobId: 'one' });
    expect(await thrownBy(() => to.send('annotation:import', { folder, jobId: 'one' }))).toMatchObject({
      code: 'conflict',
    });
    expect(await first).toMatchObject({ added: 3 });
  });

  it('at a damaged file says what came in before it, and throws where nothing did', async () => {
    const [from, to] = [await annotatedApp(), await otherApp()];
    const folder = await exported(from, 'png');
    const masks = (await readdir(folder, { recursive: true })).filter((file) => /masks.+\.png$/.test(file)).toSorted();
    expect(masks.length).toBeGreaterThanOrEqual(2);
    await writeFile(join(folder, masks[1]), 'no picture');
    const report = await to.send('annotation:import', { folder });
    expect(report).toMatchObject({ added: 1, cancelled: false, trouble: expect.stringContaining('.png') });
    expect(latest(to)).toHaveLength(1);
    // The first is there already: nothing comes in before the damaged one.
    expect(await thrownBy(() => to.send('annotation:import', { folder }))).toMatchObject({
      message: expect.stringContaining('.png'),
    });
  });
});
