// Owns which plain images belong together. A sonographer keeps one examination in one folder, with numbered file names: a folder is one
// study, unless several numbered sequences lie in it (patient01_001 …, patient02_001 …), each of which is one.

/** What grouping needs to know of a file; `folder` is null for a file that came alone, by its name. */
export interface NamedFile {
  readonly fileName: string;
  readonly folder: string | null;
}

export interface FileGroup<F extends NamedFile> {
  readonly title: string;
  /** In natural order: 2 before 10. */
  readonly files: readonly F[];
}

/** A key whose plain order is the natural order of file names: letter case aside, numbers by value. */
export function naturalSortKey(fileName: string): string {
  return fileName
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(20, '0'));
}

/** Splits files into the studies that they make, in natural order of folders and names. */
export function groupFiles<F extends NamedFile>(files: readonly F[]): FileGroup<F>[] {
  const byFolder = collect(files, (file) => file.folder);
  return [...byFolder]
    .toSorted(([a], [b]) => compareKeys(naturalSortKey(a ?? ''), naturalSortKey(b ?? '')))
    .flatMap(([folder, members]) => (folder === null ? groupLoose(members) : groupFolder(folder, members)));
}

function groupFolder<F extends NamedFile>(folder: string, files: readonly F[]): FileGroup<F>[] {
  const title = files.length === 1 ? stem(files[0].fileName) : lastPart(folder);
  const sequences = collect(files, (file) => readNumbered(file.fileName)?.prefix ?? null);
  if (!areSeveralSequences(sequences)) return [{ title, files: inNaturalOrder(files) }];
  return [...sequences].map(([prefix, members]) => ({
    title: `${title} · ${tidy(prefix ?? '')}`,
    files: inNaturalOrder(members),
  }));
}

/** Files without a folder: numbered ones of one prefix belong together, any other is a study of its own. */
function groupLoose<F extends NamedFile>(files: readonly F[]): FileGroup<F>[] {
  const sequences = collect(files, (file) => readNumbered(file.fileName)?.prefix ?? null);
  return [...sequences].flatMap(([prefix, members]) =>
    prefix === null || members.length === 1
      ? inNaturalOrder(members).map((file) => ({ title: stem(file.fileName), files: [file] }))
      : [{ title: tidy(prefix) || stem(members[0].fileName), files: inNaturalOrder(members) }],
  );
}

/**
 * True where every file is numbered, several prefixes are themselves numbered, and each sequence starts again at 0 or 1. Times of day and
 * words such as "left" and "right" do not split an examination.
 */
function areSeveralSequences(sequences: ReadonlyMap<string | null, readonly NamedFile[]>): boolean {
  if (sequences.size < 2 || sequences.has(null)) return false;
  const lists = [...sequences];
  return (
    lists.some(([, files]) => files.length > 1) &&
    lists.every(
      ([prefix, files]) =>
        /\d/.test(prefix ?? '') && Math.min(...files.map((file) => readNumbered(file.fileName)?.number ?? 2)) <= 1,
    )
  );
}

function readNumbered(fileName: string): { prefix: string; number: number } | null {
  const match = /^(.*?)(\d{1,9})\)?$/.exec(stem(fileName));
  return match ? { prefix: match[1], number: Number(match[2]) } : null;
}

/** Files in the natural order of their names. */
export function inNaturalOrder<F extends NamedFile>(files: readonly F[]): F[] {
  return files.toSorted((a, b) => compareKeys(naturalSortKey(a.fileName), naturalSortKey(b.fileName)));
}

function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function collect<F, K>(items: readonly F[], keyOf: (item: F) => K): Map<K, F[]> {
  const groups = new Map<K, F[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function stem(fileName: string): string {
  return fileName.replace(/\.[^.]*$/, '') || fileName;
}

function lastPart(folder: string): string {
  return folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
}

function tidy(prefix: string): string {
  return prefix.replace(/[\s._(-]+$/, '');
}
