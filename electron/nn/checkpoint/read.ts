// Owns opening a checkpoint of any form: a PyTorch file, a safetensors file, or a folder of safetensors shards, under the authors' names.
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { StoredIntegers, StoredTensor } from '../element-types.ts';
import { parseSafetensors, readSafetensorsFolder } from '../safetensors.ts';
import { asFileError } from './file-errors.ts';
import { readPytorchArchive } from './pytorch.ts';
import { openZip } from './zip.ts';

export interface Checkpoint {
  readonly form: 'pytorch' | 'safetensors';
  /** Floating-point tensors as float32, buffers such as attn_mask included, by their normalized names, in the order of the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Integer tensors: buffers such as relative_position_index. */
  readonly integers: ReadonlyMap<string, StoredIntegers>;
  /** safetensors: the header's metadata. PyTorch: the plain values beside the state dict, such as epoch. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a checkpoint; nothing in it is executed. Throws AppError: 'not-found', 'unsupported' for another kind of file or anything in a
 * pickle beyond tensors and plain values, 'corrupt' where the file contradicts itself.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const status = await stat(path).catch((error: unknown) => {
    throw asFileError(error, path);
  });
  if (status.isDirectory()) {
    return normalizeNames({ form: 'safetensors', ...(await readSafetensorsFolder(path)) }, basename(path));
  }
  if (!status.isFile()) throw new AppError('bad-input', `${path} is neither a file nor a folder.`);
  const file = await open(path).catch((error: unknown) => {
    throw asFileError(error, path);
  });
  try {
    return normalizeNames(await readFileForm(file, status.size, path), basename(path));
  } catch (error) {
    throw isSystemError(error) ? asFileError(error, path) : error;
  } finally {
    await file.close();
  }
}

/** `module.swin.layers.0…` (DataParallel around the authors' wrapper) is `layers.0…` in every other place. */
export function normalizeTensorName(name: string): string {
  return name.replace(/^(module\.)?(swin\.)?/, '');
}

async function readFileForm(file: FileHandle, size: number, path: string): Promise<Checkpoint> {
  const fileName = basename(path);
  const start = Buffer.alloc(Math.min(16, size));
  await file.read(start, 0, start.length, 0);
  // PK 03 04 opens an archive with entries, PK 05 06 one without.
  if (start.toString('latin1', 0, 4) === 'PK\x03\x04' || start.toString('latin1', 0, 4) === 'PK\x05\x06') {
    return { form: 'pytorch', ...(await readPytorchArchive(await openZip(file, size, fileName), fileName)) };
  }
  if (fileName.endsWith('.safetensors') || looksLikeSafetensors(start, size)) {
    return { form: 'safetensors', ...parseSafetensors(await readFile(path), fileName) };
  }
  if (start[0] === 0x80) {
    throw new AppError(
      'unsupported',
      `${fileName} is a bare pickle: PyTorch's form before 1.6. Expected the zip form; load it in PyTorch 1.6 or newer and torch.save it again.`,
    );
  }
  throw new AppError(
    'unsupported',
    `${fileName} is no checkpoint that SonoSync reads: expected a PyTorch file (.pth, .pt: zip form of torch.save), a .safetensors file or a folder of them.`,
  );
}

/** A header length that fits the file, then the opening brace of JSON. */
function looksLikeSafetensors(start: Buffer, size: number): boolean {
  return start.length > 8 && start[8] === 0x7b && start.readBigUInt64LE(0) <= BigInt(size);
}

function normalizeNames(checkpoint: Checkpoint, fileName: string): Checkpoint {
  const seen = new Map<string, string>();
  const rename = <T>(tensors: ReadonlyMap<string, T>): Map<string, T> => {
    const renamed = new Map<string, T>();
    for (const [name, tensor] of tensors) {
      const short = normalizeTensorName(name);
      const other = seen.get(short);
      if (other !== undefined) {
        throw new AppError('corrupt', `${fileName}: tensors ${other} and ${name} are both ${short}.`);
      }
      seen.set(short, name);
      renamed.set(short, tensor);
    }
    return renamed;
  };
  return { ...checkpoint, tensors: rename(checkpoint.tensors), integers: rename(checkpoint.integers) };
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
