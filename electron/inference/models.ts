// Owns the models that the engine holds: each folder loaded once, all on the provider that was chosen for inference.
import type { ModelDescription, ProposalRequest, ProposalResult } from '../common/engine-protocol.ts';
import { LoadedModel, type ProposalSteps } from './loaded-model.ts';

export class LoadedModels {
  private readonly models = new Map<string, Promise<LoadedModel>>();
  /** Those of them that are ready. */
  private readonly ready = new Map<string, LoadedModel>();
  private provider = 'cpu';

  /** The provider of models loaded from now on; those on another are released. */
  async useProvider(provider: string): Promise<void> {
    if (provider === this.provider) return;
    this.provider = provider;
    const before = [...this.models.values()];
    this.models.clear();
    this.ready.clear();
    for (const model of before) await (await model).release();
  }

  /** Throws AppError when the folder cannot be loaded; the next call tries again. */
  async get(folder: string): Promise<LoadedModel> {
    const known = this.models.get(folder);
    if (known) return known;
    const loading = LoadedModel.load(folder, this.provider);
    this.models.set(folder, loading);
    try {
      const model = await loading;
      // Another provider may have been chosen meanwhile.
      if (this.models.get(folder) === loading) this.ready.set(folder, model);
      return model;
    } catch (error) {
      this.models.delete(folder);
      throw error;
    }
  }

  /** The model of a folder where it is loaded already. */
  loaded(folder: string): LoadedModel | null {
    return this.ready.get(folder) ?? null;
  }

  /** See LoadedModel.propose. */
  async propose(request: ProposalRequest, steps: ProposalSteps): Promise<ProposalResult> {
    return (await this.get(request.model.folder)).propose(request, steps);
  }

  async describe(folder: string): Promise<ModelDescription> {
    return (await this.get(folder)).describe();
  }
}
