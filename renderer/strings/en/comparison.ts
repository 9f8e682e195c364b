// Two proposals for one frame, side by side.
export const comparison = {
  sideBySide: 'Side by side',
  before: 'Before',
  now: 'Now',
  base: 'Base model',
  baseOf: 'Base model, {{model}}',
  adapter_one: 'Adapter of {{time}} · {{count}} correction',
  adapter_other: 'Adapter of {{time}} · {{count}} corrections',
  choose: 'Compare with',
  waiting: 'Asking both …',
  dice: 'Dice {{dice}}',
  withReference: {
    edited: 'with your correction',
    accepted: 'with the accepted mask',
    absent: 'with "not here"',
  },
  noReference: 'Nobody has corrected or accepted this frame yet.',
  between: 'with each other',
  only: {
    before: '{{pixels}} px only before',
    now: '{{pixels}} px only now',
  },
} as const;
