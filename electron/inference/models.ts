// Owns the models that the engine holds: each folder loaded once, all on the provider that was chosen for inference, and let go when nothing
// uses them any more. A model holds its weights, its sessions and the features of the frames that were seen last.
import type { ModelDescription, ProposalRequest, ProposalResult } from '../common/engine-protocol.ts';
import { LoadedModel, type ProposalSteps } from './loaded-model.ts';

/** A model other than the one in use is kept for so long after its last work: more of the same often follows. */
const keptIdleMs = 30_000;

interface HeldModel {
  readonly folder: string;
  readonly loading: Promise<LoadedModel>;
  ready: LoadedModel | null;
  /** Pieces of work that run on it. */
  users: number;
  /** Nothing new is given to it: it is released when its last work ends. */
  retired: boolean;
  timer: NodeJS.Timeout | undefined;
}

export class LoadedModels {
  private readonly models = new Map<string, HeldModel>();
  private readonly keptMs: number;
  private provider = 'cpu';
  private inUse: string | null = null;

  constructor(keptMs = keptIdleMs) {
    this.keptMs = keptMs;
  }

  /** The model that is in use from now on, which is kept; the provider of all that are loaded from now on. Those on another are released. */
  choose(folder: string, provider: string): void {
    this.inUse = folder;
    const others = provider !== this.provider;
    this.provider = provider;
    for (const held of this.models.values()) {
      if (others) this.retire(held);
      else if (held.users === 0) this.rest(held);
    }
  }

  /** Works with a model, which stays loaded meanwhile. Throws AppError when the folder cannot be loaded; the next call tries again. */
  async use<T>(folder: string, work: (model: LoadedModel) => Promise<T>): Promise<T> {
    const held = this.models.get(folder) ?? this.load(folder);
    held.users += 1;
    clearTimeout(held.timer);
    try {
      return await work(await held.loading);
    } finally {
      held.users -= 1;
      if (held.users === 0) this.rest(held);
    }
  }

  /** The model of a folder where it is loaded already. */
  loaded(folder: string): LoadedModel | null {
    return this.models.get(folder)?.ready ?? null;
  }

  /** See LoadedModel.propose. */
  propose(request: ProposalRequest, steps: ProposalSteps): Promise<ProposalResult> {
    return this.use(request.model.folder, (model) => model.propose(request, steps));
  }

  describe(folder: string): Promise<ModelDescription> {
    return this.use(folder, async (model) => model.describe());
  }

  private load(folder: string): HeldModel {
    const loading = LoadedModel.load(folder, this.provider);
    const held: HeldModel = { folder, loading, ready: null, users: 0, retired: false, timer: undefined };
    this.models.set(folder, held);
    void this.settle(held);
    return held;
  }

  private async settle(held: HeldModel): Promise<void> {
    try {
      held.ready = await held.loading;
    } catch {
      // Whoever asked for it is told why; the next one begins again.
      this.forget(held);
    }
  }

  /** Nothing works with it now. */
  private rest(held: HeldModel): void {
    clearTimeout(held.timer);
    if (held.retired) this.release(held);
    else if (held.folder !== this.inUse) held.timer = setTimeout(() => this.retire(held), this.keptMs).unref();
  }

  private retire(held: HeldModel): void {
    held.retired = true;
    this.forget(held);
    if (held.users === 0) this.release(held);
  }

  private forget(held: HeldModel): void {
    if (this.models.get(held.folder) === held) this.models.delete(held.folder);
  }

  private release(held: HeldModel): void {
    // What could not be loaded holds nothing.
    held.loading.then((model) => model.release()).catch(() => undefined);
  }
}
