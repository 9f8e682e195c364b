// What comes in and goes out: imports, exports, annotations of others, images from a scanner.
export const imports = {
  dropFirst: 'Drop ultrasound files or folders here',
} as const;

export const exports = {
  openFolder: 'Open folder',
} as const;

export const annotationImport = {
  looking: 'Looking at the files …',
  handingOver: 'Reading file {{done}} of {{total}}',
  readSoFar: '{{done}} annotations read',
  readOf: '{{done}} of {{total}} annotations read',
  progress: 'Progress of the import of annotations',
  cancelled:
    'The import was cancelled. What is counted here has come in, each annotation whole; everything else is as it was.',
  cancelledBefore: 'The import was cancelled before any annotation was read; nothing has changed.',
  stopped: 'What is counted here has come in, each annotation whole. Then the import stopped: {{trouble}}',
  unreadable: '{{name}} cannot be read: it was moved or is in use.',
} as const;
