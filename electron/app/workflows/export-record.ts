// Owns what the record of an export says of each annotation and measurement in it, for those that come back: formats without fields of their own
// say nothing else.
import type { ObjectType, Position } from '../../common/prompts.ts';
import type { ReadAnnotation } from '../../export/export-format.ts';
import type { ExportManifest } from '../../export/manifest.ts';

type RecordedAnnotation = ExportManifest['annotations'][number];
type RecordedMeasurement = ExportManifest['measurements'][number];

export class ExportRecord {
  readonly #frameName = new Map<string, string>();
  readonly #annotations = new Map<string, RecordedAnnotation>();
  readonly #measurements = new Map<string, RecordedMeasurement>();
  readonly #prompts = new Map<string, { readonly position: Position; readonly type: ObjectType }>();

  /** Null for the files of another program, of which nothing is recorded. */
  constructor(manifest: ExportManifest | null) {
    for (const { name, sopInstanceUID, frameNumber } of manifest?.frames ?? []) {
      this.#frameName.set(`${sopInstanceUID}/${frameNumber}`, name);
    }
    for (const annotation of manifest?.annotations ?? []) {
      this.#annotations.set(JSON.stringify([annotation.frame, annotation.label]), annotation);
    }
    for (const measurement of manifest?.measurements ?? []) {
      this.#measurements.set(measurement.trackingUID, measurement);
    }
    for (const { name, position, object } of manifest?.labels ?? [])
      this.#prompts.set(name, { position, type: object });
  }

  annotation({ sopInstanceUID, frameNumber, frame, label }: ReadAnnotation): RecordedAnnotation | undefined {
    const name = sopInstanceUID === null ? frame : this.#frameName.get(`${sopInstanceUID}/${frameNumber}`);
    return name === undefined ? undefined : this.#annotations.get(JSON.stringify([name, label]));
  }

  measurement(trackingUID: string): RecordedMeasurement | undefined {
    return this.#measurements.get(trackingUID);
  }

  prompts(label: string): { readonly position: Position; readonly type: ObjectType } | null {
    return this.#prompts.get(label) ?? null;
  }
}
