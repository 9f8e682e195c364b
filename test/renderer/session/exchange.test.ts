import { beforeEach, describe, expect, it } from 'vitest';
import { importFiles } from '../../../renderer/session/exchange.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('importing', () => {
  it('opens what came in and lists what could not be read', async () => {
    scripted.api.answers['study:import'] = ({ files }) => ({
      studyIds: ['B'],
      failures: [{ file: files[1].name, message: 'This is a text file.' }],
      warnings: [],
    });
    const file = (name: string) => ({
      name,
      size: 3,
      arrayBuffer: async () => Uint8Array.of(1, 2, 3).buffer,
    });
    await importFiles(scripted.session, [file('frame.png'), file('notes.dcm')]);
    expect(scripted.state.importReport).toEqual({
      imported: 1,
      failures: [{ file: 'notes.dcm', message: 'This is a text file.' }],
      warnings: [],
    });
    expect(scripted.state).toMatchObject({ studyId: 'B', frameId: 'b1', importing: { kind: 'idle' } });
  });
});
