// What comes in and goes out: imports, exports, annotations of others, images from a scanner.
export const imports = {
  dropFirst: 'Drop ultrasound files or folders here',
} as const;

export const exports = {
  openFolder: 'Open folder',
} as const;
