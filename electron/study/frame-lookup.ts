// Owns the finding of frames by what files from elsewhere say of them: DICOM's names, the hash of the original, or the name of its file.
import type { Frame } from '../common/study.ts';
import { studyOrder, toFrame } from './records.ts';
import { number, text } from './rows.ts';
import type { Workspace } from './workspace.ts';

export class FrameLookup {
  readonly #byUID = new Map<string, Frame>();
  readonly #byHash = new Map<string, Frame>();
  /** Frames of instances whose files have this name; several where the name says too little. */
  readonly #byName = new Map<string, Frame[]>();

  /** Of all frames as they are now. */
  constructor(workspace: Workspace) {
    const rows = workspace.database.all(
      `SELECT frames.*, instances.sop_instance_uid, instances.object_hash, instances.file_name FROM frames
       JOIN instances ON instances.id = frames.instance_id
       JOIN series ON series.id = instances.series_id
       JOIN studies ON studies.id = frames.study_id
       ORDER BY ${studyOrder}`,
    );
    for (const row of rows) {
      const frame = toFrame(row);
      const place = number(row, 'frame_number');
      this.#byUID.set(keyOf(text(row, 'sop_instance_uid'), place), frame);
      const hash = keyOf(text(row, 'object_hash'), place);
      if (!this.#byHash.has(hash)) this.#byHash.set(hash, frame);
      const name = keyOf(nameOf(text(row, 'file_name')), place);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), frame]);
    }
  }

  bySOPInstance(sopInstanceUID: string, frameNumber: number): Frame | null {
    return this.#byUID.get(keyOf(sopInstanceUID, frameNumber)) ?? null;
  }

  /** `hash` is the SHA-256 of an original file. */
  byContent(hash: string, frameNumber: number): Frame | null {
    return this.#byHash.get(keyOf(hash, frameNumber)) ?? null;
  }

  /** All whose file has this name, folder and extension aside. */
  byFileName(fileName: string, frameNumber: number): readonly Frame[] {
    return this.#byName.get(keyOf(nameOf(fileName), frameNumber)) ?? [];
  }
}

function keyOf(name: string, frameNumber: number): string {
  return `${frameNumber} ${name}`;
}

/** As exports make names of files: what systems do not take is a hyphen. */
function nameOf(fileName: string): string {
  return fileName
    .replace(/^.*[\\/]/, '')
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .toLowerCase();
}
