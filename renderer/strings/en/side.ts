// The right side: labels, the open mask, measurements, classes.
export const labels = {
  side: 'Labels and figures',
  panelWidth: 'Width of the labels panel',
} as const;

export const mask = {
  actions: 'Change the whole mask',
} as const;

export const classes = {
  title: 'Class, by the network',
  trust_one:
    'On {{count}} validation image ({{share}} {{name}}) such a figure was off by {{error}} on average, and {{auc}} of the pairs were put in the right order. Not a diagnosis.',
  trust_other:
    'On {{count}} validation images ({{share}} {{name}}) such a figure was off by {{error}} on average, and {{auc}} of the pairs were put in the right order. Not a diagnosis.',
} as const;
