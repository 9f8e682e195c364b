// The decoder's entry: a worker thread in which files are parsed and frames decompressed. What happens to it happens to it alone: it may be
// ended at any moment, and keeps nothing that cannot be read again.
import { parentPort, type MessagePort } from 'node:worker_threads';
import { AppError, toErrorMessage } from '../common/errors.ts';
import { readHashedFile } from '../files/hashed-file.ts';
import { decodeSamples } from './codecs.ts';
import type { DecoderReply, DecoderRequest, FileRequest, SamplesRequest } from './decoder-messages.ts';
import type { DicomHeader } from './file-header.ts';
import { readDicom, type DicomFile } from './read-dicom.ts';

interface OpenFile extends Pick<DicomFile, 'frame'> {
  readonly bytes: Uint8Array;
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
    const { bytes, header, frame } = await openFile(request);
    if (request.frameNumber === null) return { ok: true, header, bytes };
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
  let kept = [...openFiles.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  for (const [key, { bytes }] of openFiles) {
    if (openFiles.size === 1 || (kept <= openLimit && openFiles.size <= mostOpen)) break;
    openFiles.delete(key);
    kept -= bytes.length;
  }
  return file;
}

async function readFile({ source, fileName }: FileRequest): Promise<OpenFile> {
  const bytes = source.kind === 'bytes' ? source.bytes : await readHashedFile(source.path, source.hash, shared);
  const { frame, ...header } = await readDicom(bytes, fileName);
  return { bytes, header, frame };
}

/** Memory that every thread of the decoder sees. */
function shared(size: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(size));
}
