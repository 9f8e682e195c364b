// Owns the reading of a DICOMDIR (PS3.3 annex F, PS3.10 section 8): which files a disc or folder holds, and where they lie.
import { AppError } from '../common/errors.ts';
import type { DataSet } from './data-set.ts';
import type { Report } from './elements.ts';
import { parsePart10 } from './part10.ts';

/** A record of the directory that refers to a file. */
export interface DirectoryRecord {
  /** IMAGE for pictures; also SR DOCUMENT, PRESENTATION and others. */
  readonly recordType: string;
  /** Folders and file name, in order, from the folder that the directory lies in. None of them leads out of it. */
  readonly path: readonly string[];
  readonly sopClassUID: string | null;
  readonly sopInstanceUID: string | null;
  readonly transferSyntaxUID: string | null;
}

export interface DicomDirectory {
  /** In the order of the directory: patient by patient, study by study, series by series. */
  readonly records: readonly DirectoryRecord[];
  /** Small faults met on reading, in words. */
  readonly warnings: readonly string[];
}

const directoryStorage = '1.2.840.10008.1.3.10';

/** Whether a DICOM file is a DICOMDIR, by what its meta information says it is. False for what is no DICOM file. */
export function isDicomDirectory(bytes: Uint8Array): boolean {
  const meta = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  return meta.startsWith('DICM', 128) && /1\.2\.840\.10008\.1\.3\.10(?![\d.])/.test(meta);
}

/** Throws AppError('bad-input') naming the file where it is no DICOMDIR, damaged or cut short. */
export function readDicomDirectory(bytes: Uint8Array, fileName: string): DicomDirectory {
  const { dataSet, faults, report } = parsePart10(bytes, fileName);
  if (!dataSet.has('DirectoryRecordSequence') && !isDicomDirectory(bytes)) {
    throw new AppError(
      'bad-input',
      `${fileName}: expected a DICOMDIR (${directoryStorage}); it holds no directory records.`,
    );
  }
  const records = dataSet
    .items('DirectoryRecordSequence')
    .map((item, index) => readRecord(item, index + 1, report))
    .filter((record) => record !== null);
  return { records, warnings: [...faults] };
}

/** Null for records that refer to no file (patients, studies, series) and for those that were taken out of use. */
function readRecord(item: DataSet, number: number, report: Report): DirectoryRecord | null {
  const path = item.texts('ReferencedFileID').filter((name) => name !== '');
  if (path.length === 0 || item.number('RecordInUseFlag') === 0) return null;
  if (!path.every(isPlainName)) {
    report(`Directory record ${number} refers to a file outside its folder and was left out.`);
    return null;
  }
  return {
    recordType: item.text('DirectoryRecordType') ?? 'IMAGE',
    path,
    sopClassUID: item.text('ReferencedSOPClassUIDInFile'),
    sopInstanceUID: item.text('ReferencedSOPInstanceUIDInFile'),
    transferSyntaxUID: item.text('ReferencedTransferSyntaxUIDInFile'),
  };
}

/** The standard allows eight capitals, digits and underscores; discs have longer names. None may climb or name a drive. */
function isPlainName(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/\\:]|\p{Cc}/u.test(name);
}
