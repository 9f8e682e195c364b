// Owns an app for tests of the page's logic: the contract's annotation rules kept in memory (append-only revisions, parent checks), so
// that what the editor and the session send is judged as the store judges it. The real store is exercised by the tests of the app.
import type { CommandInput, CommandName, CommandOutput, EventName, EventValue } from '../../../electron/common/api.ts';
import { commands } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { encodeMask } from '../../../electron/common/mask.ts';
import type { BinaryMask } from '../../../electron/common/mask.ts';
import { createMask } from '../../../electron/common/mask.ts';
import type { HistoryStep, ProposalView, RevisionView } from '../../../electron/common/api.ts';
import { paintSegment } from '../../../renderer/editor/brush.ts';
import type { ConnectedApi } from '../../../renderer/api/connection.ts';

export const frameSize = { width: 64, height: 48 };

type Answers = { [N in CommandName]?: (input: CommandInput<N>) => CommandOutput<N> | Promise<CommandOutput<N>> };

export function disc(x: number, y: number, radius: number): BinaryMask {
  const mask = createMask(frameSize.width, frameSize.height);
  paintSegment(mask, { x, y }, { x, y }, radius, 1);
  return mask;
}

export class ScriptedApi implements ConnectedApi {
  hostFiles: ConnectedApi['hostFiles'] = null;
  readonly revisions: RevisionView[] = [];
  readonly sent: { name: CommandName; input: unknown }[] = [];
  /** Thrown by the next calls of annotation:save, first in first out; 'lost' writes and then loses the answer. */
  readonly saveTroubles: (Error | 'lost')[] = [];
  readonly answers: Answers = {};
  private readonly listeners = new Map<EventName, Set<(value: never) => void>>();
  private readonly madeProposals: ProposalView[] = [];
  private readonly elsewhere = new Set<string>();

  async send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    this.sent.push({ name, input });
    await Promise.resolve();
    const answer: ((input: CommandInput<N>) => CommandOutput<N> | Promise<CommandOutput<N>>) | undefined =
      this.answers[name] ?? this.standard(name);
    if (!answer) throw new AppError('unsupported', `The test gave no answer to ${name}.`);
    const value = await answer(input);
    return commands[name].output.parse(value) as CommandOutput<N>;
  }

  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onConnection(): () => void {
    return () => {};
  }

  emit<N extends EventName>(name: N, value: EventValue<N>): void {
    for (const listener of this.listeners.get(name) ?? []) listener(value as never);
  }

  latest(frameId: string, labelId: string): RevisionView | null {
    return this.revisions.findLast((one) => one.frameId === frameId && one.labelId === labelId) ?? null;
  }

  latestProposal(frameId: string, labelId: string): ProposalView | null {
    return this.madeProposals.findLast((one) => one.frameId === frameId && one.labelId === labelId) ?? null;
  }

  /** A revision by somebody else. */
  writeElsewhere(frameId: string, labelId: string, mask: BinaryMask): RevisionView {
    const revision = this.write({
      frameId,
      labelId,
      parentId: this.latest(frameId, labelId)?.id ?? null,
      proposalId: null,
      reviewState: 'edited',
      segmentAlgorithmType: 'MANUAL',
      mask: encodeMask(mask),
      gesture: 'import',
    });
    this.elsewhere.add(revision.id);
    return revision;
  }

  createProposal(frameId: string, labelId: string, mask: BinaryMask, more: Partial<ProposalView> = {}): ProposalView {
    const proposal: ProposalView = {
      id: `proposal-${this.madeProposals.length + 1}`,
      frameId,
      labelId,
      prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
      box: null,
      modelId: 'scripted',
      adapterId: null,
      mask: encodeMask(mask),
      meanProbability: 0.9,
      uncertainty: 0.1,
      classification: null,
      provisional: false,
      createdAt: '2026-01-01T00:00:00.000Z',
      ...more,
    };
    this.madeProposals.push(proposal);
    return proposal;
  }

  /** As the store tells it: what was written elsewhere is not this reader's. */
  history(limit: number): HistoryStep[] {
    return this.revisions
      .filter((one) => !this.elsewhere.has(one.id))
      .slice(-limit)
      .map((revision) => ({
        studyId: 'A',
        ...frameSize,
        revision,
        parent: this.revisions.find((one) => one.id === revision.parentId) ?? null,
        proposalMask: this.madeProposals.find((one) => one.id === revision.proposalId)?.mask ?? null,
      }));
  }

  private standard(name: CommandName): never {
    const standard: Answers = {
      'annotation:save': (input) => {
        const trouble = this.saveTroubles.shift();
        if (trouble instanceof Error) throw trouble;
        const latest = this.latest(input.frameId, input.labelId);
        if (input.parentId !== (latest?.id ?? null)) throw new AppError('conflict', 'Another revision came first.');
        const revision = this.write(input);
        if (trouble === 'lost') throw new AppError('fault', 'The answer was lost.');
        return { revisionId: revision.id, savedAt: revision.createdAt };
      },
      'annotation:load-frame': ({ frameId }) => {
        const labelIds = new Set(this.revisions.filter((one) => one.frameId === frameId).map((one) => one.labelId));
        return { revisions: [...labelIds].map((labelId) => this.latest(frameId, labelId)!) };
      },
      'annotation:load': ({ frameId, labelId }) => ({ revision: this.latest(frameId, labelId), proposal: null }),
      'annotation:history': ({ limit = 500 }) => this.history(limit),
      'conflict:list': () => [],
    };
    return standard[name] as never;
  }

  private write(input: CommandInput<'annotation:save'>): RevisionView {
    const number = this.revisions.length + 1;
    const createdAt = new Date(Date.UTC(2026, 0, 1, 14, 0, number)).toISOString();
    const revision: RevisionView = { ...input, id: `revision-${number}`, createdAt };
    this.revisions.push(revision);
    return revision;
  }
}
