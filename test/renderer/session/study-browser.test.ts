import { beforeEach, describe, expect, it } from 'vitest';
import type { InstanceSummary, SeriesSummary } from '../../../electron/common/api.ts';
import {
  foldStudy,
  openRow,
  refreshStudies,
  setFilter,
  stepInstance,
  toggleIdentities,
} from '../../../renderer/session/study-browser.ts';
import { buildRows, noFilter } from '../../../renderer/session/study-tree.ts';
import { frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
let asked: string[];

function instance(id: string, studyId: string, frameCount: number): InstanceSummary {
  return {
    id,
    studyId,
    seriesId: `series-${studyId}`,
    fileName: `${id}.dcm`,
    instanceNumber: null,
    ...frameSize,
    frameCount,
    reviewedFrames: 0,
    editedFrames: 0,
    proposedFrames: 0,
    firstFrameId: `${id}-1`,
  };
}

/** Study A: a cine, two pictures and another cine; study B: one picture. */
const contents: Readonly<Record<string, readonly InstanceSummary[]>> = {
  A: [instance('c1', 'A', 5), instance('p1', 'A', 1), instance('p2', 'A', 1), instance('c2', 'A', 3)],
  B: [instance('q1', 'B', 1)],
};

beforeEach(async () => {
  scripted = await openScriptedSession();
  asked = [];
  const series = (studyId: string): SeriesSummary[] => [
    {
      id: `series-${studyId}`,
      place: 1,
      seriesNumber: null,
      modality: 'US',
      description: null,
      instances: [...contents[studyId]],
    },
  ];
  scripted.api.answers['series:list'] = ({ studyId }) => {
    asked.push(studyId);
    return series(studyId);
  };
  scripted.api.answers['strip:load'] = ({ frameId }) => {
    const all = Object.values(contents).flat();
    const one = all.find(({ firstFrameId }) => firstFrameId === frameId)!;
    const shown =
      one.frameCount > 1 ? [one] : all.filter(({ studyId, frameCount }) => studyId === one.studyId && frameCount === 1);
    const frames = shown.map(({ id, firstFrameId }) => ({
      id: firstFrameId,
      instanceId: id,
      frameNumber: 1,
      ...frameSize,
      pixelAspectRatio: 1,
      states: {},
      uncertainty: {},
    }));
    return { studyId: one.studyId, cine: one.frameCount > 1 ? one : null, frames, frameDurationsMs: null };
  };
});

const rows = () => {
  const { studies, folding, studyContents, identities } = scripted.state;
  return buildRows(studies, noFilter, folding, studyContents, identities);
};

describe('the study browser', () => {
  it('asks for what is inside a study when it is expanded, once', async () => {
    await foldStudy(scripted.session, 'A', true);
    await foldStudy(scripted.session, 'A', false);
    await foldStudy(scripted.session, 'A', true);
    expect(asked).toEqual(['A']);
    expect(rows().map(({ key }) => key)).toContain('instance/c2');
  });

  it('opens an instance, where the reader was in it last', async () => {
    await foldStudy(scripted.session, 'A', true);
    const row = rows().find(({ key }) => key === 'instance/c2')!;
    await openRow(scripted.session, row);
    expect(scripted.state).toMatchObject({ studyId: 'A', frameId: 'c2-1', cine: { id: 'c2' } });
  });

  it('goes from cine to cine, the pictures of a study being one stop, on into the next study and back', async () => {
    const places: (string | null)[] = [];
    await openRow(scripted.session, { ...rows()[0], kind: 'instance', instance: contents.A[0] });
    for (const step of [1, 1, 1, 1, -1, -1, -1] as const) {
      await stepInstance(scripted.session, step);
      places.push(scripted.state.frameId);
    }
    expect(places).toEqual(['p1-1', 'c2-1', 'q1-1', 'q1-1', 'c2-1', 'p1-1', 'c1-1']);
  });

  it('goes through the open study to its end and on to a study that the search leaves', async () => {
    const { session } = scripted;
    const [first, second] = scripted.state.studies;
    session.store.setState({ studies: [first, { ...second, id: 'hidden', title: 'Passed over' }, second] });
    setFilter(session, { text: 'second' });
    await openRow(session, { ...rows()[0], kind: 'instance', instance: contents.A[0] });
    const places: (string | null)[] = [];
    for (const step of [1, 1, 1, -1] as const) {
      await stepInstance(session, step);
      places.push(scripted.state.frameId);
    }
    expect(places).toEqual(['p1-1', 'c2-1', 'q1-1', 'q1-1']);
    expect(asked).not.toContain('hidden');
  });

  it('brings the figures of one study up to date without asking for the others', async () => {
    await foldStudy(scripted.session, 'A', true);
    const sent = scripted.api.sent.length;
    await refreshStudies(scripted.session, new Set(['A']));
    expect(scripted.api.sent.slice(sent)).toEqual([
      { name: 'study:list', input: { studyId: 'A' } },
      { name: 'series:list', input: { studyId: 'A' } },
    ]);
    await refreshStudies(scripted.session, 'all');
    expect(scripted.state.studyContents.has('A')).toBe(true);
  });

  it('shows whose studies they are when it is asked for, and forgets it again', async () => {
    scripted.api.answers['patient:list'] = () => [{ key: 'p', name: 'Doe, Anna', id: 'PID-7', birthDate: null }];
    expect(scripted.state.identities.size).toBe(0);
    await toggleIdentities(scripted.session);
    expect(scripted.state.identities.get('p')?.name).toBe('Doe, Anna');
    await toggleIdentities(scripted.session);
    expect(scripted.state.identities.size).toBe(0);
  });
});
