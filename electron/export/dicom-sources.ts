// Owns the DICOM images that exported objects refer to: the imported originals, or, for pictures that were never DICOM, images written into the
// export, one for each annotated frame.
import { createHash } from 'node:crypto';
import { AppError } from '../common/errors.ts';
import { readSourceImage } from '../dicom/write/source-image.ts';
import type { SourceImage } from '../dicom/write/source-image.ts';
import { anonymousStudy, createUltrasoundImage, sourceImageOf } from '../dicom/write/ultrasound-image.ts';
import type { UltrasoundImageInput } from '../dicom/write/ultrasound-image.ts';
import { derivedUID } from '../dicom/write/uids.ts';
import { writePart10 } from '../dicom/write/write-part10.ts';
import type { AnnotatedFrame, ExportFrame } from './annotation-set.ts';
import type { ExportContent } from './export-format.ts';
import type { ExportFolder } from './export-folder.ts';

/** A frame as objects refer to it. */
export interface PlacedFrame {
  readonly source: SourceImage;
  /** Its number in the source. */
  readonly frameNumber: number;
  /** The imported frame where the source's identifiers are others. */
  readonly origin: { readonly sopInstanceUID: string; readonly frameNumber: number } | null;
}

/** Finds or writes the source of each frame; originals are read once each. */
export class DicomSources {
  readonly #folder: ExportFolder;
  readonly #version: string;
  readonly #writesImages: boolean;
  /** By SOPInstanceUID; null for one that nothing can refer to. */
  readonly #originals = new Map<string, SourceImage | null>();
  /** By the name of the frame: it is written once, whatever refers to it. */
  readonly #images = new Map<string, PlacedFrame>();
  #converted = 0;

  constructor(folder: ExportFolder, { version, images }: Pick<ExportContent, 'version' | 'images'>) {
    this.#folder = folder;
    this.#version = version;
    this.#writesImages = images;
  }

  /** Throws AppError naming the original that cannot be read. */
  async place(annotated: AnnotatedFrame): Promise<PlacedFrame> {
    const { frame } = annotated;
    if (frame.mediaType !== 'application/dicom') return this.#convert(annotated, null);
    const source = await this.#original(annotated);
    // A copy that shares its UID with another file is kept under a UID of its own; nothing outside knows that one.
    if (source?.SOPInstanceUID !== frame.sopInstanceUID) return this.#convert(annotated, source);
    if (source.Columns !== frame.width || source.Rows !== frame.height) {
      throw new AppError(
        'corrupt',
        `The original of ${annotated.name} has frames of ${source.Columns}×${source.Rows} pixels; its record says ${frame.width}×${frame.height}.`,
      );
    }
    return { source, frameNumber: frame.frameNumber, origin: null };
  }

  async #original({ name, frame }: AnnotatedFrame): Promise<SourceImage | null> {
    const known = this.#originals.get(frame.sopInstanceUID);
    if (known !== undefined) return known;
    const read = readSourceImage(await frame.original(), `The original of ${name}`);
    // A file may say no number of its frames or too small a one; those that were found in it can be referred to all the same.
    const source = read && { ...read, NumberOfFrames: Math.max(read.NumberOfFrames, frame.frameCount) };
    this.#originals.set(frame.sopInstanceUID, source);
    return source;
  }

  async #convert({ name, group, frame }: AnnotatedFrame, original: SourceImage | null): Promise<PlacedFrame> {
    const known = this.#images.get(name);
    if (known) return known;
    if (!this.#writesImages) {
      throw new AppError(
        'bad-input',
        `${name} is no DICOM image, and DICOM objects refer to nothing else. Export the pictures too, so that it is written as one.`,
      );
    }
    this.#converted += 1;
    const isWhole = frame.frameCount === 1;
    const { studyInstanceUID: StudyInstanceUID, seriesInstanceUID, sopInstanceUID, frameNumber } = frame;
    const pseudonym = `SONOSYNC-${createHash('sha256').update(StudyInstanceUID).digest('hex').slice(0, 8)}`;
    const picture = await frame.picture();
    const input: UltrasoundImageInput = {
      // The frame of a film is an image of its own: its film is not at hand as DICOM.
      SOPInstanceUID: isWhole ? sopInstanceUID : derivedUID('frame', sopInstanceUID, String(frameNumber)),
      SeriesInstanceUID: original ? derivedUID('converted', seriesInstanceUID) : seriesInstanceUID,
      StudyInstanceUID,
      patientAndStudy: original?.patientAndStudy ?? anonymousStudy(StudyInstanceUID, pseudonym, `Pictures of ${group}`),
      InstanceNumber: this.#converted,
      picture,
      pixelAspectRatio: frame.pixelAspectRatio,
      regions: frame.regions,
      lossy: await lossOf(frame, picture.pixels.length),
      derivation: `Frame ${frameNumber} of ${frame.frameCount}, converted by SonoSync from ${frame.mediaType}`,
      comment: frame.simulated ? 'Simulated ultrasound' : null,
      created: conversionDate,
      version: this.#version,
    };
    await this.#folder.write(`images/${name}.dcm`, await writePart10(createUltrasoundImage(input)));
    const origin = isWhole ? null : { sopInstanceUID, frameNumber };
    const placed = { source: sourceImageOf(input), frameNumber: 1, origin };
    this.#images.set(name, placed);
    return placed;
  }
}

/** Content Date has to be there, and the same picture is to give the same object. Pictures do not say when they were taken. */
const conversionDate = new Date(0);

/** JPEG loses; the other kinds may or may not, and do not say. The ratio is that of the bytes. */
async function lossOf(frame: ExportFrame, samples: number): Promise<UltrasoundImageInput['lossy']> {
  if (frame.mediaType !== 'image/jpeg') return null;
  const { length } = await frame.original();
  return { method: 'ISO_10918_1', ratio: samples / length };
}
