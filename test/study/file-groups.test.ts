import { describe, expect, it } from 'vitest';
import { groupFiles, naturalSortKey } from '../../electron/study/file-groups.ts';

function titlesAndNames(folder: string | null, names: string[]): [string, string[]][] {
  return groupFiles(names.map((fileName) => ({ fileName, folder }))).map((group) => [
    group.title,
    group.files.map((file) => file.fileName),
  ]);
}

describe('files of a folder', () => {
  it('are one study in natural order', () => {
    expect(titlesAndNames('/data/Ovary left', ['10.png', '2.png', '1.png'])).toEqual([
      ['Ovary left', ['1.png', '2.png', '10.png']],
    ]);
  });

  it('are one study where words or times of day tell them apart', () => {
    expect(titlesAndNames('/data/exam', ['left_1.png', 'left_2.png', 'right_1.png'])).toHaveLength(1);
    expect(titlesAndNames('/data/exam', ['2024-03-01 14-22-05.png', '2024-03-01 14-23-31.png'])).toHaveLength(1);
    expect(titlesAndNames('/data/exam', ['IM001_7.png', 'IM001_8.png', 'overview.png'])).toHaveLength(1);
  });

  it('are several studies where several numbered sequences begin anew', () => {
    expect(
      titlesAndNames('/data/batch', ['patient1_frame02.png', 'patient2_frame01.png', 'patient1_frame01.png']),
    ).toEqual([
      ['batch · patient1_frame', ['patient1_frame01.png', 'patient1_frame02.png']],
      ['batch · patient2_frame', ['patient2_frame01.png']],
    ]);
  });

  it('keep folders of one name apart', () => {
    const groups = groupFiles([
      { fileName: '1.png', folder: '/a/left' },
      { fileName: '2.png', folder: '/a/left' },
      { fileName: '1.png', folder: '/b/left' },
    ]);
    expect(groups.map((group) => group.files.length)).toEqual([2, 1]);
  });
});

describe('files without a folder', () => {
  it('make a study of each numbered prefix and one of every other file', () => {
    expect(titlesAndNames(null, ['cine_2.png', 'liver.png', 'cine_1.png', 'still 3.png'])).toEqual([
      ['cine', ['cine_1.png', 'cine_2.png']],
      ['liver', ['liver.png']],
      ['still 3', ['still 3.png']],
    ]);
  });
});

describe('natural order', () => {
  it('compares numbers by value and ignores letter case', () => {
    const names = ['b10', 'B9', 'a100', 'a020', 'a3'];
    expect(names.toSorted((a, b) => (naturalSortKey(a) < naturalSortKey(b) ? -1 : 1))).toEqual([
      'a3',
      'a020',
      'a100',
      'B9',
      'b10',
    ]);
  });
});
