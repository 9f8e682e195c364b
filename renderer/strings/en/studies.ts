// The left side: the studies.
export const studies = {
  panelWidth: 'Width of the studies panel',
} as const;
