// Owns what the decoder and its worker threads say to each other.
import type { ErrorMessage } from '../common/errors.ts';
import type { Picture } from '../common/picture.ts';
import type { FileParts } from '../files/file-parts.ts';
import type { DicomHeader } from './file-header.ts';
import type { PixelFormat } from './pixel-format.ts';

/** A file by its place and hash, read and verified by the worker; or bytes in shared memory, which are never copied again. */
export type FileSource =
  | { readonly kind: 'object'; readonly path: string; readonly hash: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | ({ readonly kind: 'parts' } & SparseFile);

/** A file whose samples are read frame by frame: `bytes` is as long as the file, in shared memory, and holds all of it but them. */
export interface SparseFile {
  readonly bytes: Uint8Array;
  readonly parts: FileParts;
  /** What of `bytes` is in memory. */
  readonly held: number;
}

/** A file that has been read. */
export type MemorySource = Exclude<FileSource, { readonly kind: 'object' }>;

/** Asks for the header of a file, or for a frame as a picture. */
export interface FileRequest {
  /** Tells files apart: a worker keeps the latest ones parsed. */
  readonly fileKey: number;
  /** How messages call the file. */
  readonly fileName: string;
  readonly source: FileSource;
  /** From 1; null asks for the header. */
  readonly frameNumber: number | null;
}

/** Asks for the plain samples of one compressed frame, without a file around it. */
export interface SamplesRequest {
  readonly encoded: Uint8Array;
  readonly format: PixelFormat;
  /** How messages call the frame. */
  readonly place: string;
}

export type DecoderRequest = FileRequest | SamplesRequest;

export type DecoderReply =
  | { readonly ok: true; readonly header: DicomHeader; readonly source: MemorySource }
  | { readonly ok: true; readonly picture: Picture }
  | { readonly ok: true; readonly samples: Uint8Array }
  | { readonly ok: false; readonly error: ErrorMessage };

/** What a file takes in memory, in bytes. */
export function heldBytes(source: MemorySource): number {
  return source.kind === 'parts' ? source.held : source.bytes.length;
}
