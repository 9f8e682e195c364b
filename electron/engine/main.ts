// The engine's entry: a child process of plain Node, or a utility process of Electron.
import { createEngineFunctions } from './methods.ts';
import { serveEngine } from './serve.ts';

serveEngine(createEngineFunctions());
