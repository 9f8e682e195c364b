// Owns the editing of an outline point by point: a point can be dragged, a click on the line sets another one, Alt and a click takes one away.
import { Tool, type ToolHost } from '../tool.ts';
import { Dragging } from './dragging.ts';
import type { HeldVertices } from './held-vertices.ts';
import { Pointing } from './pointing.ts';
import { Resting } from './resting.ts';

export function createVerticesTool(host: ToolHost, vertices: HeldVertices): Tool {
  return new Tool('vertices', 'default', (transition) => [
    new Resting(host, transition, vertices),
    new Pointing(host, transition, vertices),
    new Dragging(host, transition, vertices),
  ]);
}
