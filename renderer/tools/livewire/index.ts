// Owns the smart edge: clicks set anchors, the line between them clings to edges of the image. Closing it fills it; with Alt at the first
// click it takes away.
import { OutlinePlacing } from '../outline-placing.ts';
import { Tool, type ToolHost } from '../tool.ts';
import { Waiting } from '../waiting.ts';
import { LivewireDraft } from './draft.ts';
import { Pointing } from './pointing.ts';

export function createLivewireTool(host: ToolHost): Tool {
  const draft = new LivewireDraft(host);
  return new Tool('livewire', 'crosshair', (transition) => [
    new Waiting(host, transition),
    new Pointing(transition, draft),
    new OutlinePlacing(transition, draft),
  ]);
}
