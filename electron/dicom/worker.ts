// The decoder's entry: a worker thread in which files are parsed and frames decompressed. What happens to it happens to it alone: it may be
// ended at any moment, and keeps nothing that cannot be read again.
import { parentPort, type MessagePort } from 'node:worker_threads';
import { AppError, toErrorMessage } from '../common/errors.ts';
import { readHashedFile } from '../files/hashed-file.ts';
import { decodeSamples } from './codecs.ts';
import { heldBytes, type DecoderReply, type DecoderRequest } from './decoder-messages.ts';
import type { FileRequest, MemorySource, SamplesRequest } from './decoder-messages.ts';
import type { DicomHeader } from './file-header.ts';
import { readDicom, type DicomFile } from './read-dicom.ts';
import { openSparse, readSamples } from './sparse-file.ts';

interface OpenFile extends Pick<DicomFile, 'frame'> {
  readonly source: MemorySource;
  readonly header: DicomHeader;
}

/** What files kept parsed may take beside the latest, in bytes: with its bytes at hand a file is soon parsed again. */
const openLimit = 128 * 1024 * 1024;
const mostOpen = 8;
/** In order of use, the latest last. */
const openFiles = new Map<number, OpenFile>();

const port = parentPort;
if (!port) throw new Error('The decoder runs as a worker thread.');
port.on('message', (request: DecoderRequest) => void serve(request, port));

async function serve(request: DecoderRequest, to: MessagePort): Promise<void> {
  const reply = await answer(request);
  const owned = 'picture' in reply ? [reply.picture.pixels.buffer as ArrayBuffer] : []; // a picture never shares memory with its file
  to.postMessage(reply, owned);
}

async function answer(request: DecoderRequest): Promise<DecoderReply> {
  try {
    if ('encoded' in request) return { ok: true, samples: await decodeAlone(request) };
    const { source, header, frame } = await openFile(request);
    if (request.frameNumber === null) return { ok: true, header, source };
    return { ok: true, picture: await frame(request.frameNumber) };
  } catch (error) {
    return { ok: false, error: toErrorMessage(error) };
  }
}

async function decodeAlone({ encoded, format, place }: SamplesRequest): Promise<Uint8Array> {
  try {
    return (await decodeSamples(encoded, format)).bytes;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'the stream cannot be decoded';
    throw new AppError('bad-input', `${place} cannot be decompressed: ${reason}.`, { cause });
  }
}

async function openFile(request: FileRequest): Promise<OpenFile> {
  const { fileKey } = request;
  const file = openFiles.get(fileKey) ?? (await readFile(request));
  openFiles.delete(fileKey);
  openFiles.set(fileKey, file);
  let kept = [...openFiles.values()].reduce((sum, { source }) => sum + heldBytes(source), 0);
  for (const [key, { source }] of openFiles) {
    if (openFiles.size === 1 || (kept <= openLimit && openFiles.size <= mostOpen)) break;
    openFiles.delete(key);
    kept -= heldBytes(source);
  }
  return file;
}

async function readFile({ source, fileName }: FileRequest): Promise<OpenFile> {
  if (source.kind !== 'object') return parse(source, fileName);
  const sparse = await openSparse(source, fileName, shared);
  if (sparse) return parse({ kind: 'parts', ...sparse }, fileName);
  return parse({ kind: 'bytes', bytes: await readHashedFile(source.path, source.hash, shared) }, fileName);
}

async function parse(source: MemorySource, fileName: string): Promise<OpenFile> {
  const read = source.kind === 'parts' ? readSamples(source) : undefined;
  const { frame, samples: _samples, ...header } = await readDicom(source.bytes, fileName, read);
  return { source, header, frame };
}

/** Memory that every thread of the decoder sees. */
function shared(size: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(size));
}
