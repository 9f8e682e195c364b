// Owns the writing of small data sets as other programs write them, for tests of readers.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../support/workspaces.ts';
import type { ExportFormat, ReadAnnotation } from '../../electron/export/export-format.ts';

/** Writes files into a new folder and returns it. */
export async function writeFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Everything that a reader finds, and what it remarks. */
export async function readAll(
  format: Pick<ExportFormat, 'read'>,
  folder: string,
): Promise<{ found: ReadAnnotation[]; remarks: string[] }> {
  const remarks: string[] = [];
  const found: ReadAnnotation[] = [];
  for await (const annotation of format.read(folder, (text) => remarks.push(text))) found.push(annotation);
  return { found, remarks };
}
