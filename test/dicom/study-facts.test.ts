import { describe, expect, it } from 'vitest';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { imageElements, writeDicom, type TestElement } from './write-dicom.ts';

const read = (...changes: readonly TestElement[]) => readDicom(writeDicom(imageElements(...changes)), 'a.dcm');
const cine = (...changes: readonly TestElement[]) =>
  read(['00280008', 'IS', '3'], ['7FE00010', 'OW', new Uint8Array(24)], ...changes);

describe('what a DICOM file says of itself', () => {
  it('is read with its study and its series', async () => {
    const file = await read(
      ['00080020', 'DA', '20240229'],
      ['00080030', 'TM', '093015.250000'],
      ['00080050', 'SH', 'ACC-7'],
      ['00080060', 'CS', 'US'],
      ['00080070', 'LO', 'Maker'],
      ['00081090', 'LO', 'Model 9'],
      ['00081030', 'LO', 'Neck'],
      ['0008103E', 'LO', 'Left lobe'],
      ['00100030', 'DA', '19701231'],
      ['00100040', 'CS', 'F'],
      ['00180015', 'CS', 'THYROID'],
      ['00181030', 'LO', 'Thyroid protocol'],
      ['00200010', 'SH', 'S-1'],
      ['00200011', 'IS', '4'],
      ['00200013', 'IS', '12'],
      ['00200060', 'CS', 'L'],
      ['00282110', 'CS', '01'],
      [
        '00082218',
        'SQ',
        [
          [
            ['00080100', 'SH', '69748006'],
            ['00080102', 'SH', 'SCT'],
            ['00080104', 'LO', 'Thyroid'],
          ],
        ],
      ],
    );
    expect(file.study).toEqual({
      patient: { name: 'Secretname^Anna', id: 'PID-4711', birthDate: '1970-12-31', sex: 'F' },
      studyDate: '2024-02-29',
      studyTime: '09:30:15.250000',
      studyID: 'S-1',
      accessionNumber: 'ACC-7',
      studyDescription: 'Neck',
    });
    expect(file.series).toEqual({
      modality: 'US',
      seriesNumber: 4,
      seriesDescription: 'Left lobe',
      protocolName: 'Thyroid protocol',
      bodyPartExamined: 'THYROID',
      laterality: 'L',
      manufacturer: 'Maker',
      manufacturerModelName: 'Model 9',
    });
    expect(file.instance).toMatchObject({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.6.1',
      transferSyntaxUID: '1.2.840.10008.1.2.1',
      photometricInterpretation: 'MONOCHROME2',
      lossyImageCompression: true,
      instanceNumber: 12,
      anatomicRegions: [{ codeValue: '69748006', codingSchemeDesignator: 'SCT', codeMeaning: 'Thyroid' }],
    });
    expect(file.warnings).toEqual([]);
  });

  it('is null where the file does not say, and no empty patient is made', async () => {
    const { study, series, instance, warnings } = await read(['00100010', 'PN', ''], ['00100020', 'LO', '']);
    expect(new Set(Object.values(study))).toEqual(new Set([null]));
    expect(new Set(Object.values(series))).toEqual(new Set([null]));
    expect(instance).toMatchObject({ instanceNumber: null, lossyImageCompression: null, anatomicRegions: [] });
    expect(warnings).toEqual([]);
  });

  it('has dates and times in old and short forms, and a warning without the text for what is neither', async () => {
    const dated = async (date: string, time: string) => {
      const { study, warnings } = await read(['00080020', 'DA', date], ['00080030', 'TM', time]);
      return [study.studyDate, study.studyTime, warnings.length];
    };
    expect(await dated('1993.08.22', '10:15:42')).toEqual(['1993-08-22', '10:15:42', 0]);
    expect(await dated('20240101', '07')).toEqual(['2024-01-01', '07:00:00', 0]);
    expect(await dated('20240101', '0730')).toEqual(['2024-01-01', '07:30:00', 0]);
    expect(await dated('20230229', '2500')).toEqual([null, null, 2]);
    expect(await dated('ANNA1970', 'noon')).toEqual([null, null, 2]);
    const { warnings } = await read(['00080020', 'DA', 'ANNA1970']);
    expect(warnings).toEqual(['StudyDate is no date and was not used.']);
  });

  it('was acquired when the acquisition began, else when its pixels were made', async () => {
    const acquired = async (...changes: readonly TestElement[]) => {
      const { instance } = await read(...changes);
      return [instance.acquisitionDate, instance.acquisitionTime];
    };
    const content: TestElement[] = [
      ['00080023', 'DA', '20240102'],
      ['00080033', 'TM', '101112'],
    ];
    expect(await acquired(...content)).toEqual(['2024-01-02', '10:11:12']);
    expect(await acquired(...content, ['0008002A', 'DT', '20240101101110.5+0100'])).toEqual([
      '2024-01-01',
      '10:11:10.5',
    ]);
    expect(await acquired(...content, ['00080022', 'DA', '20240101'], ['00080032', 'TM', '101111'])).toEqual([
      '2024-01-01',
      '10:11:11',
    ]);
  });

  it('is decoded by its character set, also with code extensions and inside sequences', async () => {
    const described = async (characterSet: string, bytes: readonly number[]) =>
      (await read(['00080005', 'CS', characterSet], ['00081030', 'LO', Uint8Array.from(bytes)])).study.studyDescription;
    expect(await described('ISO_IR 192', [...Buffer.from('Schilddrüse')])).toBe('Schilddrüse');
    expect(await described('ISO_IR 100', [0x4c, 0xe9])).toBe('Lé');
    expect(await described('ISO_IR 144', [0xbf, 0xd5])).toBe('Пе');
    expect(await described('\\ISO 2022 IR 149', [0x1b, 0x24, 0x29, 0x43, 0xb1, 0xe8])).toBe('김');
    expect(await described('\\ISO 2022 IR 87', [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42])).toBe('山');
    expect(await described('GB18030', [0xcd, 0xf5])).toBe('王');
    const nested = await read(
      ['00080005', 'CS', 'ISO_IR 192'],
      ['00082218', 'SQ', [[['00080104', 'LO', new Uint8Array(Buffer.from('Schilddrüse'))]]]],
    );
    expect(nested.instance.anatomicRegions[0].codeMeaning).toBe('Schilddrüse');
  });
});

describe('the time of each frame', () => {
  const durations = async (...changes: readonly TestElement[]) => {
    const { instance, warnings } = await cine(...changes);
    return { times: instance.frameDurationsMs, warnings };
  };

  it('comes from the vector, the frame time, the cine rate or the display rate, in that order', async () => {
    const display: TestElement = ['00082144', 'IS', '20'];
    const rate: TestElement = ['00180040', 'IS', '25'];
    const time: TestElement = ['00181063', 'DS', '33.5'];
    const vector: TestElement = ['00181065', 'DS', '0\\30\\50'];
    expect((await durations()).times).toBeNull();
    expect((await durations(display)).times).toEqual([50, 50, 50]);
    expect((await durations(display, rate)).times).toEqual([40, 40, 40]);
    expect((await durations(display, rate, time)).times).toEqual([33.5, 33.5, 33.5]);
    expect((await durations(display, rate, time, vector)).times).toEqual([30, 50, 50]);
    expect((await read(rate)).instance.frameDurationsMs).toBeNull();
  });

  it('is not taken from what cannot be one, and a warning says so', async () => {
    const short = await durations(['00181065', 'DS', '0\\30'], ['00181063', 'DS', '40']);
    expect(short.times).toEqual([40, 40, 40]);
    expect(short.warnings).toEqual([expect.stringContaining('Frame Time Vector')]);
    const none = await durations(['00181063', 'DS', '0']);
    expect(none).toEqual({ times: null, warnings: [expect.stringContaining('FrameTime is not')] });
  });
});
