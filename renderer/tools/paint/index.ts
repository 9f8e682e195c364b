// Owns brush and eraser: one chart of states, painting 1 or 0.
import { Tool, type ToolHost } from '../tool.ts';
import { Waiting } from '../waiting.ts';
import { Drawing } from './drawing.ts';
import { Pointing } from './pointing.ts';

export function createPaintTool(id: 'brush' | 'eraser', host: ToolHost): Tool {
  const value = id === 'brush' ? 1 : 0;
  return new Tool(id, 'none', (transition) => [
    new Waiting(host, transition),
    new Pointing(host, transition, id, value),
    new Drawing(host, transition, value),
  ]);
}
