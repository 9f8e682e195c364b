import { describe, expect, it } from 'vitest';
import { listDroppedPaths, readDroppedFiles } from '../../../renderer/panels/dropped-files.ts';

/** Entries as the browser gives them: a folder hands out at most so many at a time. */
const partSize = 100;

function fileEntry(fullPath: string, content: string | null) {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
  const file = (resolve: (file: File) => void, reject: (error: Error) => void) =>
    content === null ? reject(new Error('NotReadableError')) : resolve(new File([content], name));
  return { isFile: true, isDirectory: false, name, fullPath, file };
}

function folderEntry(fullPath: string, children: readonly unknown[] | null) {
  const createReader = () => {
    let start = 0;
    return {
      readEntries(resolve: (entries: readonly unknown[]) => void, reject: (error: Error) => void) {
        if (children === null) return reject(new Error('NotReadableError'));
        resolve(children.slice(start, (start += partSize)));
      },
    };
  };
  return {
    isFile: false,
    isDirectory: true,
    name: fullPath.slice(fullPath.lastIndexOf('/') + 1),
    fullPath,
    createReader,
  };
}

function drop(...entries: unknown[]): DataTransfer {
  // As much of it as is read.
  return {
    items: entries.map((entry) => ({
      kind: typeof entry === 'string' ? 'string' : 'file',
      webkitGetAsEntry: () => (entry instanceof File ? null : entry),
      getAsFile: () => (entry instanceof File ? entry : null),
    })),
  } as unknown as DataTransfer;
}

describe('what was dropped', () => {
  it('is every file of it, folders walked to any depth and to their end', async () => {
    const many = Array.from({ length: 250 }, (_, index) => fileEntry(`/Exam/Series/${index}.png`, 'x'));
    const series = folderEntry('/Exam/Series', many);
    const files = await readDroppedFiles(
      drop(
        folderEntry('/Exam', [fileEntry('/Exam/a.dcm', 'abc'), series]),
        fileEntry('/b.png', 'x'),
        new File(['xy'], 'c.png'),
        'text',
      ),
    );
    expect(files).toHaveLength(253);
    expect(files.map((file) => file.webkitRelativePath)).toEqual(
      expect.arrayContaining(['Exam/a.dcm', 'Exam/Series/249.png', 'b.png']),
    );
    expect(files.at(-1)).toMatchObject({ name: 'c.png', size: 2 });
    const [first] = files;
    expect(first.size).toBe(3);
    expect(new TextDecoder().decode(await first.slice(1, 3).arrayBuffer())).toBe('bc');
  });

  it('goes on past files and folders that cannot be read, which are there to be named', async () => {
    const files = await readDroppedFiles(
      drop(
        folderEntry('/Exam', [fileEntry('/Exam/gone.png', null), fileEntry('/Exam/a.png', 'x')]),
        folderEntry('/Locked', null),
      ),
    );
    expect(files.map((file) => file.webkitRelativePath)).toEqual(['Exam/gone.png', 'Exam/a.png', 'Locked']);
    await expect(files[0].slice(0, 1).arrayBuffer()).rejects.toThrow('gone.png');
    await expect(files[2].slice(0, 1).arrayBuffer()).rejects.toThrow('Locked');
  });

  it('is paths where the host has them', () => {
    const transfer = { files: [new File([], 'exam'), new File([], 'nowhere')] } as unknown as DataTransfer;
    const hostFiles = {
      pathOf: (file: object) => (file instanceof File && file.name === 'exam' ? '/scans/exam' : ''),
      choose: () => Promise.resolve([]),
    };
    expect(listDroppedPaths(transfer, hostFiles)).toEqual(['/scans/exam']);
  });
});
