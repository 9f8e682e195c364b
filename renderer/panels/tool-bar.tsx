// Owns the column of tools beside the frame, and the sizes of those that have one.
import type { ReactElement } from 'react';
import { Slider, Tooltip } from '@mantine/core';
import { useSession, useSessionState } from '../session/hooks.ts';
import { setVertexTolerance, vertexTolerances } from '../session/tool-choice.ts';
import { t } from '../strings/index.ts';
import type { ToolId } from '../tools/tool.ts';
import { CommandButton } from './command-button.tsx';
import styles from './tool-bar.module.css';

/** The slider works on the square root of the radius, so that small brushes have room. */
const toSlider = (radius: number): number => Math.sqrt(radius);
const largestRadius = 100;

const shownTools: readonly ToolId[] = [
  'select',
  'box',
  'scribble',
  'brush',
  'eraser',
  'outline',
  'polygon',
  'vertices',
  'livewire',
  'wand',
  'transform',
  'caliper',
  'ellipse',
  'angle',
];

export function ToolBar(): ReactElement {
  const tool = useSessionState((state) => state.tool);
  return (
    <nav className={styles.bar} aria-label={t('tools.title')} data-testid="tool-bar">
      {shownTools.map((id) => (
        <CommandButton key={id} command={`tool.${id}`} kind="tool" isOn={tool === id} />
      ))}
      {(tool === 'brush' || tool === 'eraser') && <BrushSize />}
      {tool === 'vertices' && <VertexTolerance />}
      <hr className={styles.line} />
      <CommandButton command="edit.undo" kind="tool" />
      <CommandButton command="edit.redo" kind="tool" />
    </nav>
  );
}

function BrushSize(): ReactElement {
  const { store } = useSession();
  const radius = useSessionState((state) => state.brushRadius);
  return (
    <ToolSize
      testId="brush-size"
      tooltip={t('tools.brush.sizeHint')}
      name={t('tools.brush.size')}
      figure={Math.round(radius * 2)}
      min={toSlider(0.5)}
      max={toSlider(largestRadius)}
      step={0.1}
      value={toSlider(Math.min(radius, largestRadius))}
      onChange={(value) => store.setState({ brushRadius: Math.max(0.5, Math.round(value * value * 2) / 2) })}
    />
  );
}

/** Upwards is coarser; the figure is how many points the outline has. */
function VertexTolerance(): ReactElement {
  const session = useSession();
  const tolerance = useSessionState((state) => state.vertexTolerance);
  const points = useSessionState((state) => state.toolPreview?.handles.length ?? 0);
  return (
    <ToolSize
      testId="vertex-tolerance"
      tooltip={t('tools.vertices.sizeHint')}
      name={t('tools.vertices.size')}
      figure={points}
      min={0}
      max={vertexTolerances.length - 1}
      step={1}
      value={vertexTolerances.indexOf(tolerance)}
      onChange={(value) => setVertexTolerance(session, vertexTolerances[value])}
    />
  );
}

interface ToolSizeProps {
  readonly testId: string;
  readonly tooltip: string;
  /** For those who hear it. */
  readonly name: string;
  readonly figure: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function ToolSize({ testId, tooltip, name, figure, ...slider }: ToolSizeProps): ReactElement {
  return (
    <>
      <hr className={styles.line} />
      <Tooltip label={tooltip} position="right">
        <div className={styles.size} data-testid={testId}>
          <span className={styles.figure}>{figure}</span>
          <Slider orientation="vertical" size={4} thumbSize={14} h={72} label={null} thumbLabel={name} {...slider} />
        </div>
      </Tooltip>
    </>
  );
}
