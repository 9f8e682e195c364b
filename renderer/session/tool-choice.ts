// Owns which tool is in the hand, and how large it is.
import type { Session } from './session.ts';
import { changeRadius } from './view.ts';
import type { ToolId } from '../tools/tool.ts';

/** In image pixels, from fine to coarse. The finest still takes a straight line's staircase of pixels for straight. */
export const vertexTolerances: readonly number[] = [1.5, 2, 2.5, 3.5, 5, 7, 10];

export function selectTool({ tools, store }: Session, tool: ToolId): void {
  tools.select(tool);
  store.setState({ tool, previewBox: null });
}

/** A larger or smaller brush; where an outline is edited, fewer or more of its points. */
export function changeToolSize(session: Session, direction: 1 | -1): void {
  const { store, tools } = session;
  if (tools.selectedId === 'vertices') {
    const at = vertexTolerances.indexOf(store.getState().vertexTolerance);
    setVertexTolerance(session, vertexTolerances[at + direction] ?? vertexTolerances[at]);
  } else store.setState(({ brushRadius }) => ({ brushRadius: changeRadius(brushRadius, direction) }));
}

export function setVertexTolerance({ store, tools }: Session, vertexTolerance: number): void {
  store.setState({ vertexTolerance });
  tools.refresh();
}
