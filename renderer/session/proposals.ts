// Owns asking the network: which prompts are in effect, when a proposal is wanted, and that only the newest answer counts.
import type { LabelView, ProposalView } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import type { ImageBox } from '../../electron/common/geometry.ts';
import { maskBox } from '../../electron/common/mask.ts';
import { type PromptName, promptNames, type Prompts, promptValues } from '../../electron/common/prompts.ts';
import { isPristine } from '../editor/history.ts';
import { t } from '../strings/index.ts';
import { selectedLabel, type Session } from './session.ts';
import { describeFailure, type SessionState } from './state.ts';

/** The label's own prompts, guessed from it, under what the reader chose; null without a label. */
export function promptsInEffect(state: SessionState): Prompts | null {
  const label = selectedLabel(state);
  return label ? { ...guessedPrompts(label), ...state.chosenPrompts[label.id] } : null;
}

/** What the files of the selected study suggest by their words; undefined where they suggest nothing. */
export function suggestedPrompts({ studies, studyId }: SessionState): Partial<Prompts> {
  const study = studies.find(({ id }) => id === studyId);
  return {
    ...(study?.position ? { position: study.position } : {}),
    ...(study?.objectType ? { type: study.objectType } : {}),
  };
}

export function guessedPrompts(label: LabelView): Prompts {
  return { position: label.position, task: 'segmentation', mode: 'whole', type: label.type };
}

/** Sets one prompt and asks again. Local and location input need a target: the present mask's box, else the reader draws one. */
export function choosePrompt<N extends PromptName>(session: Session, name: N, value: Prompts[N]): void {
  const { store, editor, tools } = session;
  const { labelId, chosenPrompts, box } = store.getState();
  const input: Prompts[PromptName] = value;
  if (labelId === null) return;
  store.setState({ chosenPrompts: { ...chosenPrompts, [labelId]: { ...chosenPrompts[labelId], [name]: value } } });
  if (name === 'mode') {
    const target = value === 'whole' ? null : (box ?? (editor.document ? maskBox(editor.document.mask) : null));
    store.setState({ box: target });
    if (value !== 'whole' && !target) {
      tools.select('box');
      store.setState({
        tool: 'box',
        notice: { tone: 'plain', text: t('notices.needsTarget', { input: t(`prompts.values.${input}`) }) },
      });
      return;
    }
  }
  requestProposal(session);
}

/** Steps a prompt through its values; the ends meet. */
export function stepPrompt(session: Session, name: PromptName, step: 1 | -1): void {
  const prompts = promptsInEffect(session.store.getState());
  if (!prompts) return;
  const values: readonly Prompts[PromptName][] = promptValues[name];
  const next = values[(values.indexOf(prompts[name]) + step + values.length) % values.length];
  // `next` is one of the values of this very prompt.
  choosePrompt(session, name, next as never);
}

/** A target was boxed: Input local, for just that. */
export function proposeInBox(session: Session, box: ImageBox): void {
  const { labelId, chosenPrompts } = session.store.getState();
  if (labelId === null) return;
  const mode = chosenPrompts[labelId]?.mode === 'location' ? 'location' : 'local';
  session.store.setState({
    box,
    notice: null,
    chosenPrompts: { ...chosenPrompts, [labelId]: { ...chosenPrompts[labelId], mode } },
  });
  requestProposal(session);
}

/** The target belongs to one frame: on the next one the whole frame is asked for again, unless its proposal came from a box. */
export function adoptTarget(session: Session, proposal: ProposalView | null): void {
  const { labelId, chosenPrompts } = session.store.getState();
  if (labelId === null) return;
  const { mode: _mode, ...others } = chosenPrompts[labelId] ?? {};
  const box = proposal?.box ?? null;
  const chosen = box && proposal ? { ...others, mode: proposal.prompts.mode } : others;
  session.store.setState({ box, chosenPrompts: { ...chosenPrompts, [labelId]: chosen } });
}

/** Whether the open document should be proposed for: nobody has judged it, and no proposal by the present model and prompts is there. */
function wantsProposal(session: Session): boolean {
  const { editor, store } = session;
  const document = editor.document;
  const prompts = promptsInEffect(store.getState());
  if (!document || !prompts) return false;
  if (!isPristine(document.state)) return false;
  if (!document.proposal) return document.state.reviewState === null;
  if (document.proposal.provisional && asking.get(session)?.refining !== document.proposal.id) return true;
  const label = selectedLabel(store.getState());
  const modelId = store.getState().status?.model?.id;
  return (
    (modelId !== undefined && document.proposal.modelId !== modelId) ||
    document.proposal.adapterId !== (label?.activeAdapterId ?? null) ||
    promptNames.some((name) => document.proposal?.prompts[name] !== prompts[name])
  );
}

interface Asking {
  running: boolean;
  /** Asked again while a request was running: only the newest wish is sent when that one ends. */
  again: boolean;
  /** What the running request asks for, or the latest one asked for. */
  wish: string | null;
  /** The provisional proposal whose second look is waited for. */
  refining: string | null;
}

const asking = new WeakMap<Session, Asking>();

/** Asks where the open document should be proposed for, unless that very request is on its way. */
export function requestMissingProposal(session: Session): void {
  if (!wantsProposal(session)) return;
  const state = asking.get(session);
  const onItsWay = state?.running && !state.again && state.wish === describeWish(session.store.getState());
  if (onItsWay) session.store.setState({ proposing: { kind: 'busy' } });
  else requestProposal(session);
}

/** Everything that an answer depends on. */
function describeWish(state: SessionState): string {
  const { frameId, labelId, box, status } = state;
  const adapterId = selectedLabel(state)?.activeAdapterId;
  return JSON.stringify([frameId, labelId, promptsInEffect(state), box, adapterId, status?.model?.id]);
}

/** Asks for the selected (frame, label) with the prompts in effect. One request runs at a time; wishes in between are replaced by newer ones. */
export function requestProposal(session: Session): void {
  const state = asking.get(session) ?? { running: false, again: false, wish: null, refining: null };
  asking.set(session, state);
  session.store.setState({ proposing: { kind: 'busy' } });
  if (state.running) state.again = true;
  else void run(session, state);
}

async function run(session: Session, asking: Asking): Promise<void> {
  asking.running = true;
  do {
    asking.again = false;
    asking.wish = describeWish(session.store.getState());
    await askOnce(session, asking);
  } while (asking.again);
  asking.running = false;
}

async function askOnce(session: Session, asking: Asking): Promise<void> {
  const { api, store, editor } = session;
  const { frameId, labelId, box } = store.getState();
  const prompts = promptsInEffect(store.getState());
  if (frameId === null || labelId === null || !prompts) return;
  const isStale = (): boolean =>
    asking.again || store.getState().frameId !== frameId || store.getState().labelId !== labelId;
  try {
    const answer = await api.send('proposal:request', {
      frameId,
      labelId,
      prompts,
      box: prompts.mode === 'whole' ? null : box,
      firstLook: true,
    });
    if (isStale()) return;
    const earlier = editor.document?.proposal ?? null;
    const { proposal, milliseconds, provider } = answer;
    asking.refining = proposal.provisional ? proposal.id : null;
    editor.receiveProposal(proposal);
    store.setState({
      ...(earlier && earlier.adapterId !== proposal.adapterId ? { earlierProposal: earlier } : {}),
      proposing: { kind: 'idle' },
      lastProposal: { milliseconds, refinedMilliseconds: null, provider },
    });
    if (proposal.provisional) void refine(session, asking, proposal.id);
  } catch (error) {
    if (!isStale()) store.setState({ proposing: describeFailure(error) });
  }
}

/**
 * Waits for the second look, which follows the first one on its own, and puts it in its place: where the first look still is what the frame
 * is proposed and nothing else has been asked for. Hands that were faster keep their mask (Editor.receiveProposal).
 */
async function refine({ api, store, editor }: Session, asking: Asking, proposalId: string): Promise<void> {
  const { wish } = asking;
  const isStale = (): boolean =>
    asking.refining !== proposalId ||
    describeWish(store.getState()) !== wish ||
    editor.document?.proposal?.id !== proposalId;
  try {
    const answer = await api.send('proposal:refine', { proposalId });
    if (answer && !isStale()) {
      editor.receiveProposal(answer.proposal);
      store.setState(({ lastProposal }) => ({
        lastProposal: lastProposal && { ...lastProposal, refinedMilliseconds: answer.milliseconds },
      }));
    }
  } catch (error) {
    const reason = messageOf(error);
    const text = t('stage.notRefined', { reason });
    if (!isStale()) store.setState({ notice: { tone: 'trouble', text } });
  } finally {
    if (asking.refining === proposalId) asking.refining = null;
  }
}
