// A host to be killed by a test: starts the step engine, prints its process id, and stays.
import { fileURLToPath } from 'node:url';
import { createEngineClient } from '../../electron/app/engine-client.ts';
import { forkEngine } from '../../electron/app/engine-process.ts';

const entry = fileURLToPath(new URL('./step-engine.ts', import.meta.url));
const client = createEngineClient({ spawn: (environment) => forkEngine(environment, entry) });
const { hash } = await client.call('model:describe', { model: { folder: 'any' } });
console.log(hash);
