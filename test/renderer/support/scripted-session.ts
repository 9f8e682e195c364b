// Owns a session over the scripted app, opened on its first frame: two studies, two labels, a queue, and proposals that a test answers
// at once or by hand.
import { expect } from 'vitest';
import type { FrameSummary, LabelView, ProposalView, QueueItem, StudySummary } from '../../../electron/common/api.ts';
import type { Memory, Session } from '../../../renderer/session/session.ts';
import type { SessionState } from '../../../renderer/session/state.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { disc, frameSize, ScriptedApi } from './scripted-api.ts';

const frames: FrameSummary[] = ['a1', 'a2', 'a3'].map((id, index) => ({
  id,
  instanceId: 'i',
  frameNumber: index + 1,
  ...frameSize,
  pixelAspectRatio: 1,
  states: {},
  uncertainty: {},
}));
const otherFrames = [{ ...frames[0], id: 'b1' }];
const study: StudySummary = {
  id: 'A',
  title: 'First',
  position: 'breast',
  objectType: null,
  simulated: true,
  frameCount: 3,
  patientKey: null,
  importedAt: '2026-01-01T00:00:00.000Z',
  studyDate: null,
  modalities: [],
  reviewedFrames: 0,
  editedFrames: 0,
  proposedFrames: 0,
  seriesCount: 1,
  instanceCount: 3,
  cineCount: 0,
  firstFrameId: 'a1',
};
const studies = [study, { ...study, id: 'B', title: 'Second', firstFrameId: 'b1', frameCount: 1, instanceCount: 1 }];
const label: LabelView = {
  id: 'lesion',
  name: 'Lesion',
  color: '#56b4e9',
  position: 'breast',
  type: 'tumor',
  code: null,
  hidden: false,
  activeAdapterId: null,
};

function queued(frameId: string, studyId: string): QueueItem {
  return { frameId, studyId, studyTitle: 'x', frameNumber: 1, reason: 'unsure' };
}

export class ScriptedSession {
  readonly api = new ScriptedApi();
  /** What outlives a page. */
  readonly stored = new Map<string, string>();
  readonly memory: Memory = {
    getItem: (key) => this.stored.get(key) ?? null,
    setItem: (key, value) => void this.stored.set(key, value),
  };
  labels: LabelView[] = [label, { ...label, id: 'cyst', name: 'Cyst', position: 'ovary' }];
  queue: QueueItem[] = [queued('a2', 'A'), queued('b1', 'B')];
  /** Proposal requests in the order in which they were made; `answer` lets one go on where they are not answered at once. */
  readonly requests: { readonly words: string; readonly answer: () => void }[] = [];
  answerAtOnce = true;
  /** Whether what is requested is a first look only. */
  looksTwice = false;
  /** The second looks that are waited for, by the proposal that they follow: each gives a disc of this radius, or null. */
  readonly secondLooks = new Map<string, (radius: number | null) => void>();
  private readonly made = new Map<string, ProposalView>();
  readonly session: Session;

  constructor() {
    Object.assign(this.api.answers, {
      'app:status': () => ({
        version: '0.1.0',
        host: 'web',
        workspace: { folder: '/w', title: 'w' },
        reader: 'AB',
        model: null,
        engine: { state: 'ready', provider: 'cpu', summary: 'CPU' },
      }),
      'study:list': ({ studyId }: { studyId?: string }) => studies.filter(({ id }) => id === (studyId ?? id)),
      'strip:load': ({ frameId }: { frameId: string }) => ({
        studyId: frameId === 'b1' ? 'B' : 'A',
        cine: null,
        frames: frameId === 'b1' ? otherFrames : frames,
        frameDurationsMs: null,
      }),
      'label:list': () => this.labels,
      'queue:list': () => this.queue,
      'training:count': () => ({ corrections: 4, needed: 4 }),
      'adapter:list': () => [],
      'training:start': ({ labelId }: { labelId: string }) => ({ labelId }),
      'training:cancel': () => ({}),
      'proposal:prepare': () => ({}),
      'proposal:start': () => ({ frames: 3 }),
      'proposal:cancel': () => ({}),
      'proposal:request': (input: ProposalInput) => this.propose(input),
      'proposal:refine': ({ proposalId }: { proposalId: string }) => this.refine(proposalId),
    });
    // So long a wait that a test sees the trouble; it is ended by retryNow.
    this.session = createSession(this.api, this.memory, { retryDelaysMs: [3_600_000] });
  }

  get state(): SessionState {
    return this.session.store.getState();
  }

  /** The requests as 'frame position input'. */
  get requested(): string[] {
    return this.requests.map((one) => one.words);
  }

  async whenProposed(): Promise<void> {
    await expect.poll(() => this.state.proposing.kind).toBe('idle');
  }

  private async propose({ frameId, labelId, prompts, box }: ProposalInput) {
    const number = this.requests.length + 1;
    await new Promise<void>((resolve) => {
      this.requests.push({ words: `${frameId} ${prompts.position} ${prompts.mode}`, answer: resolve });
      if (this.answerAtOnce) resolve();
    });
    const adapterId = this.labels.find((one) => one.id === labelId)?.activeAdapterId ?? null;
    const proposal = this.api.createProposal(frameId, labelId, disc(30, 20, 4 + number), {
      prompts,
      box,
      adapterId,
      provisional: this.looksTwice,
    });
    this.made.set(proposal.id, proposal);
    return { proposal, milliseconds: 12, provider: 'cpu' };
  }

  private async refine(proposalId: string) {
    const radius = await new Promise<number | null>((resolve) => this.secondLooks.set(proposalId, resolve));
    const first = this.made.get(proposalId);
    if (radius === null || !first) return null;
    const { frameId, labelId, prompts, box, adapterId } = first;
    const proposal = this.api.createProposal(frameId, labelId, disc(30, 20, radius), { prompts, box, adapterId });
    return { proposal, milliseconds: 24, provider: 'cpu' };
  }
}

interface ProposalInput {
  readonly frameId: string;
  readonly labelId: string;
  readonly prompts: ProposalView['prompts'];
  readonly box: ProposalView['box'];
}

/** The n-th proposal of a session has a disc of radius 4 + n. */
export async function openScriptedSession(): Promise<ScriptedSession> {
  const scripted = new ScriptedSession();
  await startSession(scripted.session);
  await scripted.whenProposed();
  return scripted;
}
