import { describe, expect, it } from 'vitest';
import { isDicomDirectory, readDicomDirectory } from '../../electron/dicom/read-directory.ts';
import { imageElements, writeDicom, type TestElement } from './write-dicom.ts';

function record(type: string, fileId: string | null, ...more: readonly TestElement[]): readonly TestElement[] {
  const elements: TestElement[] = [['00041410', 'US', 0xffff], ['00041430', 'CS', type], ...more];
  if (fileId !== null) elements.push(['00041500', 'CS', fileId]);
  return elements.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function directory(...records: (readonly TestElement[])[]): Uint8Array {
  return writeDicom([
    ['00041130', 'CS', 'DISC'],
    ['00041220', 'SQ', records],
  ]);
}

describe('a DICOMDIR', () => {
  it('lists the files that it refers to with their folders, in its order', () => {
    const bytes = directory(
      record('PATIENT', null, ['00100010', 'PN', 'Secretname^Anna']),
      record('STUDY', null),
      record('SERIES', null),
      record(
        'IMAGE',
        'DICOM\\ST000000\\IM000001',
        ['00041510', 'UI', '1.2.840.10008.5.1.4.1.1.6.1'],
        ['00041511', 'UI', '1.2.3.4'],
        ['00041512', 'UI', '1.2.840.10008.1.2.4.50'],
      ),
      record('SR DOCUMENT', 'REPORT'),
    );
    expect(readDicomDirectory(bytes, 'DICOMDIR')).toEqual({
      records: [
        {
          recordType: 'IMAGE',
          path: ['DICOM', 'ST000000', 'IM000001'],
          sopClassUID: '1.2.840.10008.5.1.4.1.1.6.1',
          sopInstanceUID: '1.2.3.4',
          transferSyntaxUID: '1.2.840.10008.1.2.4.50',
        },
        {
          recordType: 'SR DOCUMENT',
          path: ['REPORT'],
          sopClassUID: null,
          sopInstanceUID: null,
          transferSyntaxUID: null,
        },
      ],
      warnings: [],
    });
  });

  it('does not lead out of its folder, nor to files that were taken out of use', () => {
    const outside = ['..\\..\\etc\\passwd', 'C:\\IMAGE', 'A/B', '.\\IM1'].map((path) => record('IMAGE', path));
    const removed = record('IMAGE', 'OLD').map((element): TestElement =>
      element[0] === '00041410' ? ['00041410', 'US', 0] : element,
    );
    const { records, warnings } = readDicomDirectory(
      directory(...outside, removed, record('IMAGE', 'IM1')),
      'DICOMDIR',
    );
    expect(records.map(({ path }) => path)).toEqual([['IM1']]);
    expect(warnings).toEqual(
      [1, 2, 3, 4].map((number) => expect.stringContaining(`Directory record ${number} refers`)),
    );
  });

  it('is told from images, and other files are refused', () => {
    const image = writeDicom(imageElements());
    expect(isDicomDirectory(image)).toBe(false);
    expect(isDicomDirectory(new Uint8Array(10))).toBe(false);
    expect(() => readDicomDirectory(image, 'image.dcm')).toThrow(/^image\.dcm: expected a DICOMDIR/);
    expect(() => readDicomDirectory(Uint8Array.of(1, 2, 3), 'x')).toThrow(/^x: expected a DICOM file/);
    const cut = directory(record('IMAGE', 'IM1'), record('IMAGE', 'IM2'));
    expect(() => readDicomDirectory(cut.subarray(0, -20), 'DICOMDIR')).toThrow(/^DICOMDIR is damaged or cut short/);
  });
});
