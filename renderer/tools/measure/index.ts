// Owns the tools that measure: lengths, ellipses and angles. A drag places two points at once, clicks place them one by one; the handles of
// what was measured before can be taken hold of.
import type { MeasurementKind } from '../../../electron/common/study.ts';
import { Tool, type ToolHost, type ToolId } from '../tool.ts';
import { Idle } from './idle.ts';
import { Moving } from './moving.ts';
import { Placing } from './placing.ts';

export const measureTools = { caliper: 'length', ellipse: 'ellipse', angle: 'angle' } as const satisfies Readonly<
  Record<string, MeasurementKind>
>;

export type MeasureToolId = keyof typeof measureTools;

export function createMeasureTool(id: MeasureToolId, host: ToolHost): Tool {
  return new Tool(id, 'crosshair', (transition) => [
    new Idle(host, transition),
    new Placing(host, transition, measureTools[id]),
    new Moving(host, transition),
  ]);
}

export function isMeasureTool(id: ToolId): id is MeasureToolId {
  return id in measureTools;
}
