// The tools on the canvas.
export const tools = {
  select: { title: 'Look around' },
  window: { title: 'Brightness and contrast (drag; or the right button)' },
  box: { title: 'Box a target' },
  brush: { title: 'Paint' },
  eraser: { title: 'Erase' },
  polygon: { title: 'Polygon' },
  outline: { title: 'Draw an outline' },
  livewire: { title: 'Smart edge' },
  wand: { title: 'Magic wand' },
  scribble: { title: 'Scribble: this belongs to it (Alt: this does not)' },
  caliper: { title: 'Measure a length' },
  ellipse: { title: 'Measure an ellipse' },
  angle: { title: 'Measure an angle' },
  transform: { title: 'Move and scale' },
} as const;
