// Owns the import of one object that came over the network: it lies whole in a temporary file, and must be what the sender said it is.
import { readFile } from 'node:fs/promises';
import { AppError } from '../common/errors.ts';
import type { SuggestionTable } from '../common/prompt-suggestions.ts';
import { openDicom } from './dicom-reader.ts';
import { contentHash } from './identifiers.ts';
import { importDicom } from './import-dicom.ts';
import type { ImportedFile } from './import-log.ts';
import { findInstanceByHash } from './instances.ts';
import { saveObject } from './objects.ts';
import type { Workspace } from './workspace.ts';

export interface ReceivedObject {
  readonly path: string;
  /** As the request names them. */
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
}

/**
 * The same object again adds nothing but its original, where that was lost. Throws AppError('conflict') where class or instance are not those of the request, 'storage' where it
 * cannot be kept, and what importDicom throws; then nothing of it is kept.
 */
export async function importReceived(
  workspace: Workspace,
  { path, sopClassUID, sopInstanceUID }: ReceivedObject,
  suggestions: SuggestionTable,
): Promise<ImportedFile> {
  const name = `${sopInstanceUID}.dcm`;
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('storage', `${path} cannot be read back.`, { cause });
  });
  const hash = contentHash(bytes);
  const known = findInstanceByHash(workspace, hash);
  if (known) {
    // Whoever sent it may let go of theirs now: an original that was lost or cut here is there again.
    await saveObject(workspace, hash, bytes);
    return { studyId: known.study.id, instanceId: known.instance.id, added: false, frameCount: 0, warnings: [] };
  }
  const dicom = await openDicom(bytes, name);
  if (dicom.sopInstanceUID !== sopInstanceUID || dicom.instance.sopClassUID !== sopClassUID) {
    throw new AppError(
      'conflict',
      `${name}: the data set is another instance, or of another class, than was announced.`,
    );
  }
  return importDicom(workspace, { name, fileName: name, hash }, bytes, { suggestions });
}
