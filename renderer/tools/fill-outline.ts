// Owns how a closed outline becomes pixels: one gesture that adds what it surrounds to the mask, or takes it away.
import type { ImagePoint } from '../../electron/common/geometry.ts';
import { fillPolygon } from '../../electron/common/polygon.ts';
import type { PreviewTone } from './preview.ts';
import type { ToolHost } from './tool.ts';

export function fillOutline(host: ToolHost, gesture: string, points: readonly ImagePoint[], subtract: boolean): void {
  host.editor.apply(gesture, (mask) => fillPolygon(mask, points, subtract ? 0 : 1));
}

export function outlineTone(subtract: boolean): PreviewTone {
  return subtract ? 'subtract' : 'add';
}
