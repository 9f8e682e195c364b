// Owns the column of tools beside the frame, and the size of the brush.
import type { ReactElement } from 'react';
import { Slider, Tooltip } from '@mantine/core';
import { useSession, useSessionState } from '../session/hooks.ts';
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
  'livewire',
  'wand',
  'transform',
  'caliper',
  'ellipse',
  'angle',
];

export function ToolBar(): ReactElement {
  const { store } = useSession();
  const tool = useSessionState((state) => state.tool);
  const radius = useSessionState((state) => state.brushRadius);
  const paints = tool === 'brush' || tool === 'eraser';
  return (
    <nav className={styles.bar} aria-label="Tools" data-testid="tool-bar">
      {shownTools.map((id) => (
        <CommandButton key={id} command={`tool.${id}`} kind="tool" isOn={tool === id} />
      ))}
      {paints && (
        <>
          <hr className={styles.line} />
          <Tooltip label="Brush size: [ and ], or Shift and the wheel" position="right">
            <div className={styles.size} data-testid="brush-size">
              <span className={styles.figure}>{Math.round(radius * 2)}</span>
              <Slider
                orientation="vertical"
                size={4}
                thumbSize={14}
                h={72}
                min={toSlider(0.5)}
                max={toSlider(largestRadius)}
                step={0.1}
                value={toSlider(Math.min(radius, largestRadius))}
                onChange={(value) => store.setState({ brushRadius: Math.max(0.5, Math.round(value * value * 2) / 2) })}
                label={null}
                thumbLabel="Brush size"
              />
            </div>
          </Tooltip>
        </>
      )}
      <hr className={styles.line} />
      <CommandButton command="edit.undo" kind="tool" />
      <CommandButton command="edit.redo" kind="tool" />
    </nav>
  );
}
