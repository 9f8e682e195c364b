// Owns brush and eraser: one chart of states, painting 1 or 0.
import { Tool, type ToolHost } from '../tool.ts';
import { Drawing } from './drawing.ts';
import { Idle } from './idle.ts';
import { Pointing } from './pointing.ts';

export function createPaintTool(id: 'brush' | 'eraser', host: ToolHost): Tool {
  const value = id === 'brush' ? 1 : 0;
  return new Tool(id, 'none', (transition) => [
    new Idle(host, transition),
    new Pointing(host, transition, id, value),
    new Drawing(host, transition, value),
  ]);
}
