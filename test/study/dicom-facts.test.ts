import { describe, expect, it } from 'vitest';
import { regionsOfFrame } from '../../electron/common/study.ts';
import { Store } from '../../electron/study/store.ts';
import { imageElements, writeDicom, type TestElement } from '../dicom/write-dicom.ts';
import { takeBack } from '../support/older-workspace.ts';
import { openStore, pngFile, temporaryFolder } from '../support/workspaces.ts';

const cine: readonly TestElement[] = [
  ['00280008', 'IS', '2'],
  ['7FE00010', 'OW', new Uint8Array(16)],
  ['00080020', 'DA', '20240229'],
  ['00080030', 'TM', '0930'],
  ['00080060', 'CS', 'US'],
  ['00181063', 'DS', '40'],
  ['00200011', 'IS', '2'],
  ['00200013', 'IS', '7'],
  ['00282110', 'CS', '00'],
  ['00082218', 'SQ', [[['00080104', 'LO', 'Ovary']]]],
];
const file = (name: string, ...changes: readonly TestElement[]) => ({
  name,
  bytes: writeDicom(imageElements(...cine, ...changes)),
});

describe('what DICOM files say of themselves', () => {
  it('is kept with study, series and instance, and is unknown of pictures', async () => {
    const store = openStore();
    await store.importFiles([file('a.dcm'), await pngFile('b.png', 1)]);
    const [dicom, , picture] = store.listFrameRecords().map(({ id }) => store.frameContext(id));
    expect(dicom.study).toMatchObject({
      patient: { name: 'Secretname^Anna', id: 'PID-4711', birthDate: null, sex: null },
      studyDate: '2024-02-29',
      studyTime: '09:30:00',
    });
    expect(dicom.series).toMatchObject({ modality: 'US', seriesNumber: 2, manufacturer: null });
    expect(dicom.instance).toMatchObject({
      instanceNumber: 7,
      lossyImageCompression: false,
      transferSyntaxUID: '1.2.840.10008.1.2.1',
      photometricInterpretation: 'MONOCHROME2',
      anatomicRegions: [{ codeValue: '', codingSchemeDesignator: '', codeMeaning: 'Ovary' }],
      frameDurationsMs: [40, 40],
    });
    expect(picture.study).toMatchObject({ patient: null, studyDate: null });
    expect(picture.series).toMatchObject({ modality: null });
    expect(picture.instance).toMatchObject({ transferSyntaxUID: null, anatomicRegions: [], frameDurationsMs: null });
  });

  it('is kept of each frame where frames have scales of their own', async () => {
    const store = openStore();
    const spacing = (value: string): readonly TestElement[] => [['00289110', 'SQ', [[['00280030', 'DS', value]]]]];
    await store.importFiles([file('a.dcm', ['52009230', 'SQ', [spacing('1\\1'), spacing('2\\2')]])]);
    const scales = store.listFrameRecords().map(({ id, frameNumber }) => {
      const { instance } = store.frameContext(id);
      return regionsOfFrame(instance, frameNumber).map(({ physicalDeltaXMm }) => physicalDeltaXMm);
    });
    expect(scales).toEqual([[1], [2]]);
  });

  it('puts a study in the order of its series and instances, whatever the files are called', async () => {
    const store = openStore();
    const { studyIds } = await store.importFiles([
      file('1.dcm', ['00080018', 'UI', '1.1'], ['0020000E', 'UI', '1.9'], ['00200011', 'IS', '3']),
      file('2.dcm', ['00080018', 'UI', '1.2'], ['00200013', 'IS', '10']),
      file('3.dcm', ['00080018', 'UI', '1.3'], ['00200013', 'IS', '9']),
      file('4.dcm', ['00080018', 'UI', '1.4'], ['00200013', 'IS', '']),
    ]);
    const names = (frames: readonly { id: string }[]) =>
      frames.map(({ id }) => store.frameContext(id).instance.fileName).filter((_, index) => index % 2 === 0);
    expect(names(store.listFrames(studyIds[0]))).toEqual(['3.dcm', '2.dcm', '4.dcm', '1.dcm']);
    expect(names(store.listFrameRecords())).toEqual(['3.dcm', '2.dcm', '4.dcm', '1.dcm']);
    expect(store.listStudies()[0].firstFrameId).toBe(store.listFrames(studyIds[0])[0].id);
  });

  it('is completed by later files of a study, whose first word stands', async () => {
    const store = openStore();
    const bare: TestElement[] = [
      ['00080020', 'DA', ''],
      ['00080060', 'CS', ''],
      ['00081030', 'LO', 'First'],
    ];
    await store.importFiles([file('1.dcm', ...bare)]);
    const contexts = () => store.listFrameRecords().map(({ id }) => store.frameContext(id));
    expect(contexts()[0]).toMatchObject({ study: { studyDate: null }, series: { modality: null } });
    await store.importFiles([file('2.dcm', ['00080018', 'UI', '1.2.3.5'], ['00081030', 'LO', 'Second'])]);
    for (const { study, series } of contexts()) {
      expect(study).toMatchObject({ studyDate: '2024-02-29', studyDescription: 'First' });
      expect(series).toMatchObject({ modality: 'US' });
    }
  });

  it('is unknown of what an earlier version imported, which stays as it was', async () => {
    const folder = temporaryFolder();
    const before = Store.open(folder, { reader: 'A. Reader' });
    await before.importFiles([file('a.dcm')]);
    const [frame] = before.listFrameRecords();
    await before.close();
    takeBack(folder, 2);
    const store = openStore(folder);
    expect(store.frameContext(frame.id)).toMatchObject({
      study: { studyInstanceUID: '1.2.3', patient: null },
      series: { modality: null },
      instance: { fileName: 'a.dcm', frameCount: 2, frameDurationsMs: null, frameRegions: null, anatomicRegions: [] },
    });
    expect((await store.framePicture(frame.id)).width).toBe(4);
  });
});
