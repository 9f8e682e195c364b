// Owns the way from a frame to a stored proposal: pixels, prompts and the label's adapter go to the engine, what it says is kept.
import type { CommandOutput, ParsedCommandInput } from '../../common/api.ts';
import { AppError } from '../../common/errors.ts';
import type { ProposalResult } from '../../common/engine-protocol.ts';
import type { ImageBox } from '../../common/geometry.ts';
import { decodeMask, maskBox } from '../../common/mask.ts';
import type { Mode, Prompts } from '../../common/prompts.ts';
import type { Frame, Label, Proposal } from '../../common/study.ts';
import { labelPrompts, requireModel, usableAdapterId } from '../context.ts';
import type { BaseModel } from '../base-model.ts';
import type { AppContext } from '../context.ts';
import { checkAdapterFits } from '../../study/adapters.ts';

/** Which frame, label, prompts and target. */
export type ProposalQuestion = Omit<ParsedCommandInput<'proposal:request'>, 'firstLook'>;

export interface ProposeOptions {
  readonly signal?: AbortSignal;
  /** Told what the first look gave, stored as a provisional proposal, where a second one follows. Without it that is stored nowhere. */
  readonly onFirstLook?: (outcome: ProposalOutcome) => void;
  /** Nobody waits for it: everything that somebody waits for goes first. */
  readonly background?: boolean;
  /** Instead of the one in use. */
  readonly model?: BaseModel;
}

export interface ProposalOutcome {
  readonly proposal: Proposal;
  readonly milliseconds: number;
  readonly provider: string;
}

/**
 * Asks the network and stores its answer. Prompts that are left out come from the label; a box alone means local input. Local or location
 * input without a box takes the one around the annotation or proposal that is there.
 * Throws AppError('bad-input') where a box is needed and there is none, 'not-found' for unknown ids or without a model, 'engine'.
 */
export async function propose(
  context: AppContext,
  { frameId, labelId, ...input }: ProposalQuestion,
  { onFirstLook, ...options }: ProposeOptions = {},
): Promise<ProposalOutcome> {
  const keep = ({ result, ...source }: Answer): ProposalOutcome => {
    const { milliseconds, provider, ...said } = result;
    const proposal = context.store.saveProposal({ frameId, labelId, ...source, ...said, followed: false });
    context.events.emit('proposal:created', { frameId, labelId, proposalId: proposal.id });
    return { proposal, milliseconds, provider };
  };
  let told = false;
  const onFirst = (answer: Answer): void => {
    // An engine that was lost on the way begins again from the first look.
    if (!told) onFirstLook?.(keep(answer));
    told = true;
  };
  const answer = await ask(
    context,
    { frameId, labelId, ...input },
    { ...options, ...(onFirstLook ? { onFirst } : {}) },
  );
  return keep(answer);
}

/** Asks the network for what is in a box, and keeps what it says beside what the frame is proposed. Throws as propose does. */
export async function follow(
  context: AppContext,
  { frameId, labelId, box, ...input }: ParsedCommandInput<'proposal:follow'>,
): Promise<CommandOutput<'proposal:follow'>> {
  const prompts = { ...input.prompts, mode: 'local' } as const;
  const { result, ...source } = await ask(context, { frameId, labelId, prompts, box });
  const { milliseconds: _milliseconds, provider: _provider, ...said } = result;
  const { id, mask, meanProbability } = context.store.saveProposal({
    frameId,
    labelId,
    ...source,
    ...said,
    followed: true,
  });
  return { proposalId: id, mask, meanProbability };
}

/**
 * Asks the network and stores nothing: for a tool that takes a part of the answer, or for who compares adapters. Throws as propose does, and
 * AppError('conflict') for an adapter of another label or base model.
 */
export async function previewProposal(
  context: AppContext,
  { adapterId, ...input }: ParsedCommandInput<'proposal:preview'>,
): Promise<CommandOutput<'proposal:preview'>> {
  if (typeof adapterId === 'string') {
    const { store } = context;
    const adapter = store.adapter(adapterId);
    checkAdapterFits(adapter, store.label(adapter.labelId), store.label(input.labelId), requireModel(context).hash);
  }
  const { mask, meanProbability, uncertainty, milliseconds, provider } = (
    await ask(context, input, adapterId === undefined ? {} : { adapterId })
  ).result;
  return { mask, meanProbability, uncertainty, milliseconds, provider };
}

interface AskOptions extends Omit<ProposeOptions, 'onFirstLook'> {
  /** Instead of the one at work; null asks the base model. */
  readonly adapterId?: string | null;
  readonly onFirst?: (answer: Answer) => void;
}

interface Answer {
  readonly prompts: Prompts;
  readonly box: ImageBox | null;
  readonly modelId: string;
  readonly modelHash: string;
  readonly adapterId: string | null;
  readonly result: ProposalResult;
}

async function ask(
  context: AppContext,
  input: ProposalQuestion,
  { signal, background = false, onFirst, ...choice }: AskOptions = {},
): Promise<Answer> {
  const { store, engine, images } = context;
  const { model = requireModel(context) } = choice;
  const frame = store.frame(input.frameId);
  const label = store.label(input.labelId);
  const { mode, box } = chooseTarget(context, frame, label, input);
  const prompts: Prompts = { ...labelPrompts(label), ...input.prompts, mode };
  const adapterId = choice.adapterId === undefined ? usableAdapterId(context, label, model) : choice.adapterId;
  const adapter = adapterId === null ? null : await store.adapterBytes(adapterId);
  const source = { prompts, box, modelId: model.id, modelHash: model.hash, adapterId };
  const cancel = signal ? { signal } : {};
  const result = await images.with(frame, (image) => {
    const request = { model: { folder: model.folder }, image, prompts, box, adapter };
    if (background) return engine.call('proposal:prepare', request, cancel);
    return engine.call('proposal:run', request, {
      ...cancel,
      ...(onFirst ? { onProgress: (first) => onFirst({ ...source, result: first }) } : {}),
    });
  });
  return { ...source, result };
}

/** The contract's view of a proposal. */
export function viewProposal(proposal: Proposal): CommandOutput<'proposal:request'>['proposal'] {
  const { modelHash: _modelHash, followed: _followed, ...view } = proposal;
  return view;
}

interface Target {
  readonly mode: Mode;
  readonly box: ImageBox | null;
}

function chooseTarget(context: AppContext, frame: Frame, label: Label, input: ProposalQuestion): Target {
  const asked = input.box ?? null;
  const mode = input.prompts?.mode ?? (asked ? 'local' : 'whole');
  if (mode === 'whole') return { mode, box: null };
  const box = asked ?? presentBox(context, frame, label);
  if (!box) {
    throw new AppError(
      'bad-input',
      `Input "${mode}" needs a target. Drag a box around it; "${label.name}" has no mask in this frame yet.`,
    );
  }
  return { mode, box: clipBox(box, frame) };
}

/** The box around the latest annotation, else around the latest proposal, or null where neither has a pixel. */
function presentBox({ store }: AppContext, frame: Frame, label: Label): ImageBox | null {
  const revision = store.latestRevision(frame.id, label.id);
  const mask = revision?.mask ?? store.latestProposal(frame.id, label.id)?.mask;
  return mask ? maskBox(decodeMask(mask, frame.width, frame.height)) : null;
}

/** Throws AppError('bad-input') for a box that misses the frame. */
function clipBox(box: ImageBox, frame: Frame): ImageBox {
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  const width = Math.min(frame.width, box.x + box.width) - x;
  const height = Math.min(frame.height, box.y + box.height) - y;
  if (width <= 0 || height <= 0) {
    throw new AppError('bad-input', `The box lies outside the frame of ${frame.width}×${frame.height} pixels.`);
  }
  return { x, y, width, height };
}
