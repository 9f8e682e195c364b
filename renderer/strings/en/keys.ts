// The palette of commands and the card of keys.
export const palette = {
  title: 'Commands',
  question: 'What do you want to do?',
  search: 'Search commands',
  nothing: 'Nothing by that name.',
} as const;

export const keys = {
  title: 'Keys',
  clickToChange: 'Click a key to change it.',
  pressNew: 'Press the new key. Esc keeps the old one, Backspace leaves none.',
  press: 'Press a key',
  assigned: '{{key}} runs "{{command}}" now.',
  moved: '{{key}} runs "{{command}}" now. "{{other}}" no longer has it.',
  cleared: '"{{command}}" has no key now.',
  resetAll: 'Reset all',
  wereReset: 'All keys are as they came.',
  none: 'none',
  own: 'Chosen by you. Click to change it.',
  change: 'Click to change it.',
  keyOf: 'Key of {{command}}: {{keys}}',
  more: 'More',
  others: {
    zoom: { key: 'Wheel', title: 'Zoom at the pointer' },
    move: { key: 'Space drag, middle button', title: 'Move the view' },
    brushSize: { key: 'Shift wheel', title: 'Brush size' },
    fit: { key: 'Double click (Look around)', title: 'Fit the frame' },
    promptValues: { key: 'Arrows on a prompt', title: 'Step its values' },
  },
} as const;
