// Owns what came of an import for other programs: the studies, series and instances that hold the files, under DICOM's names, and what was
// skipped.
import type { Instance } from '../../common/study.ts';
import type { ImportResult } from '../../study/import-log.ts';
import type { AppContext } from '../context.ts';

export interface ImportedInstance {
  readonly sopInstanceUID: string;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  /** The transfer syntax's UID; null for pictures and video. */
  readonly transferSyntax: string | null;
  readonly photometric: string | null;
  readonly regions: Instance['regions'];
}

export interface ImportedSeries {
  readonly seriesInstanceUID: string;
  readonly instances: readonly ImportedInstance[];
}

export interface ImportedStudy {
  readonly studyInstanceUID: string;
  readonly series: readonly ImportedSeries[];
}

export interface ImportedFiles {
  readonly studies: readonly ImportedStudy[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** Of the files that were given, those that the workspace had already too, and no others of their studies. */
export function describeImportedFiles({ store }: AppContext, result: ImportResult): ImportedFiles {
  const studies = new Map<string, Map<string, ImportedInstance[]>>();
  for (const id of result.instanceIds) {
    const { study, series, instance } = store.instanceContext(id);
    const ofStudy = studies.get(study.studyInstanceUID) ?? new Map<string, ImportedInstance[]>();
    const ofSeries = ofStudy.get(series.seriesInstanceUID) ?? [];
    ofSeries.push(describeInstance(instance));
    studies.set(study.studyInstanceUID, ofStudy.set(series.seriesInstanceUID, ofSeries));
  }
  return {
    studies: [...studies].map(([studyInstanceUID, series]) => ({
      studyInstanceUID,
      series: [...series].map(([seriesInstanceUID, instances]) => ({ seriesInstanceUID, instances })),
    })),
    skipped: result.skipped.map(({ path, reason }) => ({ path, reason })),
  };
}

function describeInstance(instance: Instance): ImportedInstance {
  return {
    sopInstanceUID: instance.sopInstanceUID,
    frames: instance.frameCount,
    rows: instance.height,
    columns: instance.width,
    transferSyntax: instance.transferSyntaxUID,
    photometric: instance.photometricInterpretation,
    regions: instance.regions,
  };
}
