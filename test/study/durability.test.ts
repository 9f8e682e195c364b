import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore, pngFile, temporaryFolder } from '../support/workspaces.ts';

describe('a process that is killed while it saves', () => {
  it('has lost no revision that it reported', async () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    await first.importFiles([await pngFile('frame.png', 1)]);
    const [frame] = first.listFrameRecords();
    const label = first.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
    await first.close();

    const reported: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const child = fork(join(import.meta.dirname, 'saving-process.ts'), [folder, 'save', frame.id, label.id]);
      onTestFinished(() => void child.kill('SIGKILL'));
      child.on('message', (message) => {
        if (typeof message === 'string') reported.push(message);
      });
      await once(child, 'message');
      await setTimeout(20 + Math.random() * 150);
      child.kill('SIGKILL');
      await once(child, 'close');
    }

    const store = openStore(folder);
    const kept = store.listRevisions(frame.id, label.id);
    const keptIds = new Set(kept.map((revision) => revision.id));
    expect(reported.length).toBeGreaterThan(8);
    expect(reported.filter((id) => !keptIds.has(id))).toEqual([]);
    // One unbroken line of parents, under one tracking UID, across all the deaths.
    expect(kept.map((revision) => revision.parentId)).toEqual([null, ...kept.slice(0, -1).map(({ id }) => id)]);
    expect(new Set(kept.map((revision) => revision.trackingUID)).size).toBe(1);
  });
});
