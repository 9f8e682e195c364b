import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callerPath } from '../../electron/app/caller.ts';
import { namedWorkspace, refuseSecondWorkspace } from '../../electron/main/command-line.ts';

describe("the Electron host's command line", () => {
  it.each([
    ['two words', ['SonoSync', '--workspace', 'scans']],
    ['one word', ['SonoSync', '--workspace=scans']],
    [
      'started from sources, between the switches of others',
      ['electron', '--no-sandbox', '.', '--workspace', 'scans', '--lang=de'],
    ],
  ])('names a workspace in %s', (_form, argv) => {
    expect(namedWorkspace(argv)).toBe(callerPath('scans'));
  });

  it.each([
    ['nothing', ['SonoSync']],
    ['no value', ['SonoSync', '--workspace']],
    ['an empty one', ['SonoSync', '--workspace=']],
    ['another switch', ['electron', '.', '--workspaces=scans']],
  ])('names none with %s', (_form, argv) => {
    expect(namedWorkspace(argv)).toBeNull();
  });

  it('refuses a second start that wants another workspace, and only that', () => {
    const [open, other] = [join('/scans', 'a'), join('/scans', 'b')];
    expect(refuseSecondWorkspace(open, null)).toBeNull();
    expect(refuseSecondWorkspace(open, open)).toBeNull();
    expect(refuseSecondWorkspace(open, other)).toMatch(/a open.*b\./);
  });
});
