// Owns DICOM files whose pixel data are a video: what they say, and the video itself, which another program decodes.
import { AppError } from '../common/errors.ts';
import { readHeader, type DicomHeader } from './file-header.ts';
import { parsePart10, statedTransferSyntax } from './part10.ts';
import { isVideoSyntax } from './transfer-syntaxes.ts';

export interface DicomVideo {
  /** The header of the file once its video was decoded: frames are counted there, and their size is what it is. */
  header(video: { readonly width: number; readonly height: number; readonly frameCount: number }): DicomHeader;
  /** As it would stand in a file of its own. */
  readonly stream: Uint8Array;
  /** What packs the stream, as ffmpeg calls it. */
  readonly container: 'mov' | 'mpegts' | 'mpeg' | 'mpegvideo' | 'h264' | 'hevc';
}

/** Null where the pixels are no video. Throws AppError('bad-input') naming the file where it is damaged or holds no stream. */
export function readDicomVideo(bytes: Uint8Array, fileName: string): DicomVideo | null {
  const transferSyntaxUID = statedTransferSyntax(bytes);
  if (transferSyntaxUID === null || !isVideoSyntax(transferSyntaxUID)) return null;
  const file = parsePart10(bytes, fileName);
  const fragments = file.dataSet.encapsulated('PixelData')?.fragments ?? [];
  const stream = new Uint8Array(Buffer.concat(fragments.map((fragment) => fragment.bytes)));
  if (stream.length === 0) {
    throw new AppError('bad-input', `${fileName} has no pixel data: it ends before them or is no video.`);
  }
  return {
    stream,
    container: containerOf(stream, transferSyntaxUID),
    header({ width, height, frameCount }) {
      const { dataSet, report } = file;
      for (const [keyword, found] of [
        ['Columns', width],
        ['Rows', height],
        ['NumberOfFrames', frameCount],
      ] as const) {
        const stated = dataSet.number(keyword);
        if (stated !== null && stated !== found) report(`${keyword} is ${stated}; the video has ${found}.`);
      }
      const photometric = dataSet.text('PhotometricInterpretation') ?? 'YBR_PARTIAL_420';
      return readHeader(file, bytes, { transferSyntaxUID, photometric, columns: width, rows: height, frameCount });
    },
  };
}

/** By the first bytes: boxes of ISO 14496-12, packets of 188 bytes, the start codes of a program stream or of MPEG-2 video, else units. */
function containerOf(stream: Uint8Array, transferSyntaxUID: string): DicomVideo['container'] {
  if (Buffer.from(stream.subarray(4, 8)).toString('latin1') === 'ftyp') return 'mov';
  if (stream[0] === 0x47 && stream[188] === 0x47) return 'mpegts';
  const code = stream[0] === 0 && stream[1] === 0 && stream[2] === 1 ? stream[3] : null;
  if (code === 0xba) return 'mpeg';
  if (code === 0xb3) return 'mpegvideo';
  return /\.10[78](\.1)?$/.test(transferSyntaxUID) ? 'hevc' : 'h264';
}
