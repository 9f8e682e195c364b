// A process of its own that imports one file and stops for good where the first object of it is written but not in its place yet. It says so,
// and waits to be killed.
//   importing-process.ts WORKSPACE FILE
import { readFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { Store } from '../../electron/study/store.ts';

const [workspace, file] = process.argv.slice(2);
files.rename = async () => {
  process.send?.('written');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
};
syncBuiltinESMExports();
const store = Store.open(workspace, { reader: 'A. Process' });
await store.importFiles([{ name: basename(file), bytes: readFileSync(file) }]);
