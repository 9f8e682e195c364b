// Owns reading what was dropped: files, and the files of dropped folders with their paths.
import type { HostFiles } from '../../electron/common/api.ts';
import type { ChosenFile } from '../session/imports.ts';

/** All files of a drop, folders walked. Must be called in the drop event itself: the browser empties the list afterwards. */
export async function readDroppedFiles(transfer: DataTransfer): Promise<ChosenFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  // What comes from another program, not from a folder, may have no entry.
  const dropped = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile()).filter((one) => one !== null);
  const files = await Promise.all(dropped.map(async (one) => (one instanceof File ? [one] : readEntry(one))));
  return files.flat();
}

/** The paths of what was dropped, folders as such. Must be called in the drop event itself. */
export function listDroppedPaths(transfer: DataTransfer, hostFiles: HostFiles): string[] {
  return [...transfer.files].map((file) => hostFiles.pathOf(file)).filter((path) => path !== '');
}

async function readEntry(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (isFile(entry)) return [await readFile(entry)];
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: ChosenFile[] = [];
  // Each call gives a part of the folder; an empty one is the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(
      () => null,
    );
    if (part === null) return [...files, unreadable(entry)];
    if (part.length === 0) return files;
    const read = await Promise.all(part.map(readEntry));
    files.push(...read.flat());
  }
}

async function readFile(entry: FileSystemFileEntry): Promise<ChosenFile> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
  if (!file) return unreadable(entry);
  const slice = (start: number, end: number): Blob => file.slice(start, end);
  return { name: file.name, webkitRelativePath: pathOf(entry), size: file.size, slice };
}

/** Something that is gone or closed to the browser: it stands in the list of what was skipped, and stops nothing. */
function unreadable(entry: FileSystemEntry): ChosenFile {
  const arrayBuffer = (): Promise<ArrayBuffer> => Promise.reject(new Error(`${entry.name} cannot be read.`));
  return { name: entry.name, webkitRelativePath: pathOf(entry), size: 1, slice: () => ({ arrayBuffer }) };
}

function pathOf(entry: FileSystemEntry): string {
  return entry.fullPath.replace(/^\//, '');
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
