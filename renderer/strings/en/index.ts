// Owns the English catalogue, one file an area of the interface.
import { commands } from './commands.ts';
import { panels } from './panels.ts';
import { tools } from './tools.ts';

export const en = { commands, panels, tools } as const;
