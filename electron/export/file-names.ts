// Owns names of exported files and folders: legal on every system, and unique where letter case does not count.

/** Names that Windows keeps for devices, with or without an extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** Letters, digits, dot, underscore and hyphen; anything else becomes a hyphen. `fallback` stands in where nothing is left. */
export function fileNameOf(text: string, fallback: string): string {
  const name = text
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  if (name === '') return fallback;
  return reserved.test(name) ? `${name}_` : name;
}

/** The same names, with -2, -3 … where one occurred before, letter case aside. */
export function makeUnique(names: readonly string[]): string[] {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const given = new Set<string>();
  return names.map((name) => {
    let unique = name;
    // A suffixed name must not be one that occurs by itself further on.
    for (let suffix = 2; given.has(unique.toLowerCase()); suffix += 1) {
      const candidate = `${name}-${suffix}`;
      if (!taken.has(candidate.toLowerCase())) unique = candidate;
    }
    given.add(unique.toLowerCase());
    return unique;
  });
}

/** "images/frame-1.png" -> "frame-1" */
export function fileStem(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.[^.]+$/, '');
}
