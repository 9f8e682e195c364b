// What is said in many places, the start, the head and the foot.
export const shared = {
  cancel: 'Cancel',
  cancelling: 'Cancelling …',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  starting: 'Starting …',
  tryAgain: 'Try again',
  secondsLeft: '{{seconds}} s left',
} as const;

export const start = {
  busy: 'SonoSync is starting',
} as const;

export const header = {
  commands: 'Commands',
  import: 'Import',
  export: 'Export',
  conflicts_one: '{{count}} conflict',
  conflicts_other: '{{count}} conflicts',
  conflictsHint: 'Annotations that changed here and elsewhere',
  synchronize: 'Synchronize',
  synchronizing: 'Synchronizing …',
  correctionsOf: 'Synchronize · {{done}} of {{needed}}',
  corrections_one: 'Synchronize · {{count}} correction',
  corrections_other: 'Synchronize · {{count}} corrections',
  correctionsMissing_one: 'Synchronize: {{count}} more correction is needed',
  correctionsMissing_other: 'Synchronize: {{count}} more corrections are needed',
  learn: 'Learn this label from its corrections',
} as const;

export const foot = {
  saved: 'Saved {{time}}',
  allSaved: 'All saved',
  saving: 'Saving …',
  notSavedYet: 'Not saved yet ({{pending}}): {{reason}}',
  tryNow: 'Try now',
  conflict: 'Not saved: an annotation was changed elsewhere',
  refused: 'Not saved: an annotation cannot be saved',
  noAnswer: 'SonoSync does not answer; trying again',
  engine: 'Engine: {{provider}}',
  engineStarting: 'Engine: starting …',
  engineOff: 'Engine: not running',
  proposalTime: '{{milliseconds}} ms a proposal',
  proposalTimes: '{{milliseconds}} ms a proposal, refined after {{refined}} ms',
  model: 'Model: {{title}}',
  noModel: 'No model',
  frame: 'Frame {{number}} / {{count}}',
  scanner: 'Scanner: as {{aeTitle}}',
  scannerOff: 'Scanner: not listening',
  received_one: 'Scanner: {{count}} received',
  received_other: 'Scanner: {{count}} received',
  reader: 'Reader: {{name}}',
  zoom: 'Zoom {{percent}} %',
} as const;
