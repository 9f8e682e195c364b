// Owns the finding of the workspace's frame for an annotation from elsewhere: by DICOM's names, by the content of the original, by the picture beside
// the annotation, by the name of its file. A name that several frames have is not guessed at.
import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Frame } from '../../common/study.ts';
import type { ReadAnnotation } from '../../export/export-format.ts';
import { listFiles, pictureExtension } from '../../export/folder-files.ts';
import type { ExportManifest } from '../../export/manifest.ts';
import { findPicture } from '../../export/read-folder.ts';
import type { FrameLookup } from '../../study/frame-lookup.ts';
import type { Store } from '../../study/store.ts';

export type FrameMatch = { readonly frame: Frame } | { readonly reason: string };

export class FrameMatcher {
  readonly #lookup: FrameLookup;
  readonly #folder: string;
  readonly #pictures: readonly string[];
  readonly #recorded: ReadonlyMap<string, ExportManifest['frames'][number]>;
  readonly #hashes = new Map<string, string>();

  static async create(store: Store, folder: string, manifest: ExportManifest | null): Promise<FrameMatcher> {
    const pictures = (await listFiles(folder)).filter((file) => pictureExtension.test(file));
    return new FrameMatcher(store.frameLookup(), folder, pictures, manifest);
  }

  private constructor(
    lookup: FrameLookup,
    folder: string,
    pictures: readonly string[],
    manifest: ExportManifest | null,
  ) {
    this.#lookup = lookup;
    this.#folder = folder;
    this.#pictures = pictures;
    this.#recorded = new Map(manifest?.frames.map((frame) => [frame.name, frame]));
  }

  /** The frame, or why there is none, in words. */
  async find(read: ReadAnnotation): Promise<FrameMatch> {
    const match = await this.#find(read);
    if ('reason' in match) return match;
    const { width, height } = match.frame;
    if (read.mask.width === width && read.mask.height === height) return match;
    return { reason: `Its mask has ${read.mask.width}×${read.mask.height} pixels; the frame has ${width}×${height}.` };
  }

  async #find(read: ReadAnnotation): Promise<FrameMatch> {
    const recorded = this.#recorded.get(read.frame);
    const sopInstanceUID = read.sopInstanceUID ?? recorded?.sopInstanceUID;
    const frameNumber = read.sopInstanceUID === null ? (recorded?.frameNumber ?? read.frameNumber) : read.frameNumber;
    const named = sopInstanceUID === undefined ? null : this.#lookup.bySOPInstance(sopInstanceUID, frameNumber);
    if (named) return { frame: named };
    const original = recorded && this.#lookup.byContent(recorded.objectHash, frameNumber);
    if (original) return { frame: original };
    if (sopInstanceUID !== undefined) return { reason: 'Its image is not in this workspace.' };
    return (await this.#findByPicture(read)) ?? this.#findByName(read);
  }

  async #findByPicture({ image, frame, frameNumber }: ReadAnnotation): Promise<FrameMatch | null> {
    const beside = this.#pictures.filter((file) => file.replace(/^.*\//, '').replace(/\.[^.]+$/, '') === frame);
    for (const candidate of image === null ? beside : [image, ...beside]) {
      const path = findPicture(this.#folder, this.#pictures, candidate);
      if (path === null) continue;
      const found = this.#lookup.byContent(await this.#hashOf(path), frameNumber);
      if (found) return { frame: found };
    }
    return null;
  }

  #findByName({ image, frame, frameNumber }: ReadAnnotation): FrameMatch {
    // Exports name the frames of a cine name-f001, name-f002 …
    const [, stem, number] = /^(.+)-f(\d+)$/.exec(frame) ?? [];
    const tries = [
      this.#lookup.byFileName(frame, frameNumber),
      ...(image === null ? [] : [this.#lookup.byFileName(image, frameNumber)]),
      ...(stem === undefined ? [] : [this.#lookup.byFileName(stem, Number(number))]),
    ];
    const found = tries.find((frames) => frames.length > 0) ?? [];
    if (found.length === 1) return { frame: found[0] };
    if (found.length === 0) return { reason: 'No image of this workspace has its content or its name.' };
    return { reason: `${found.length} images of this workspace have its name, and none its content.` };
  }

  async #hashOf(path: string): Promise<string> {
    const known = this.#hashes.get(path);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const digest = hash.digest('hex');
    this.#hashes.set(path, digest);
    return digest;
  }
}
