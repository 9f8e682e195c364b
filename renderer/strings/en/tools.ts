// The tools on the canvas.
export const tools = {
  title: 'Tools',
  select: { title: 'Look around' },
  window: { title: 'Brightness and contrast (drag; or the right button)' },
  box: { title: 'Box a target' },
  brush: { title: 'Paint', size: 'Brush size', sizeHint: 'Brush size: [ and ], or Shift and the wheel' },
  eraser: { title: 'Erase' },
  polygon: { title: 'Polygon' },
  vertices: {
    title: 'Edit the outline (drag a point; click the line to add one; Alt takes one away)',
    size: 'Fewer points',
    sizeHint: 'Points of the outline, up for fewer: [ and ], or Shift and the wheel',
  },
  outline: { title: 'Draw an outline' },
  livewire: { title: 'Smart edge' },
  wand: { title: 'Magic wand' },
  scribble: { title: 'Scribble: this belongs to it (Alt: this does not)' },
  caliper: { title: 'Measure a length', hint: 'Drag from one end to the other, or click both.' },
  ellipse: { title: 'Measure an ellipse', hint: 'Drag along the longest diameter, then click how wide it is.' },
  angle: { title: 'Measure an angle', hint: 'Drag along one arm to the corner, then click the end of the other.' },
  transform: { title: 'Move and scale' },
} as const;
