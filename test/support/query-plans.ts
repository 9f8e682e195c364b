// Owns what SQLite means to do for the reads of an action (sqlite.org/eqp.html), so that a test sees a missing index without a clock.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { vi } from 'vitest';
import { Database } from '../../electron/study/database.ts';
import type { Store } from '../../electron/study/store.ts';

/** The steps of the plans of everything that an action on the store reads, such as 'SCAN frames'. */
export async function plannedReads(store: Store, action: () => unknown): Promise<string[]> {
  const reads = [vi.spyOn(Database.prototype, 'get'), vi.spyOn(Database.prototype, 'all')];
  await action();
  const statements = new Set(reads.flatMap((read) => read.mock.calls.map(([sql]) => sql)));
  for (const read of reads) read.mockRestore();
  const database = new DatabaseSync(join(store.folder, 'workspace.sqlite'), { readOnly: true });
  const steps = [...statements].flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
  database.close();
  return steps.map((step) => String(step.detail));
}
