// Owns moving and scaling the mask: a drag inside its box moves it, a drag of a handle scales it, Shift keeps its proportions.
import { Tool, type ToolHost } from '../tool.ts';
import { Dragging } from './dragging.ts';
import { Resting } from './resting.ts';

export function createTransformTool(host: ToolHost): Tool {
  return new Tool('transform', 'move', (transition) => [new Resting(host, transition), new Dragging(host, transition)]);
}
