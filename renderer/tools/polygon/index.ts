// Owns the polygon: a click sets a corner, a corner can be dragged, and closing it fills it, and its corners stay in the hand.
// With Alt at the first click it takes away.
import { OutlinePlacing } from '../outline-placing.ts';
import { Tool, type ToolHost } from '../tool.ts';
import type { HeldVertices } from '../vertices/held-vertices.ts';
import { Waiting } from '../waiting.ts';
import { PolygonDraft } from './draft.ts';
import { Pointing } from './pointing.ts';

export function createPolygonTool(host: ToolHost, vertices: HeldVertices): Tool {
  const draft = new PolygonDraft(host, vertices);
  return new Tool('polygon', 'crosshair', (transition) => [
    new Waiting(host, transition),
    new Pointing(transition, draft),
    new OutlinePlacing(transition, draft),
  ]);
}
