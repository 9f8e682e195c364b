// Owns where the packaged application keeps what cannot run from inside its archive.

/** The path outside the archive (asarUnpack in electron-builder.yml) of a file that is addressed inside it; other paths unchanged. */
export function unpackedPath(path: string): string {
  return path.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
}
