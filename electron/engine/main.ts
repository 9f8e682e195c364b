// The engine's entry: a child process of plain Node, or a utility process of Electron.
import { createEngineWork } from './methods.ts';
import { serveEngine } from './serve.ts';

const { functions, beside } = createEngineWork();
serveEngine(functions, beside);
