// Owns the adapter file: a label's private copy of the prompt projections, as safetensors with its record in the metadata.
// It loads only on the model that it was made for.
import { AppError } from '../common/errors.ts';
import type { Prompts } from '../common/prompts.ts';
import { parseSafetensors, serializeSafetensors } from '../nn/safetensors.ts';
import { requireWeight, type Weight, type Weights } from '../nn/weights.ts';
import { isPromptProjection } from '../../models/perceptguide/parameters.ts';
import type { Projections } from './network-runner.ts';

/** Where an adapter comes from; says nothing of any patient. */
export interface AdapterRecord {
  readonly modelHash: string;
  readonly prompts: Prompts;
  readonly trainRevisionIds: readonly string[];
  readonly validationRevisionIds: readonly string[];
  readonly seed: number;
  readonly settings: Readonly<Record<string, number | string | boolean>>;
  readonly validationBefore: number;
  readonly validationAfter: number;
}

const recordKey = 'sonosync.adapter';

export function serializeAdapter(base: Weights, projections: Projections, record: AdapterRecord): Uint8Array {
  const tensors = new Map<string, Weight>();
  for (const [name, { shape, data }] of base) {
    if (isPromptProjection(name)) tensors.set(name, { shape, data: projections.get(name) ?? data });
  }
  return serializeSafetensors(tensors, { metadata: { [recordKey]: JSON.stringify(record) } });
}

/** Whether whole-frame proposals with the adapter take a second look: what was better on its validation. Earlier adapters take one look. */
export function adapterLooksAgain({ settings }: Pick<AdapterRecord, 'settings'>): boolean {
  return settings.secondLook === true;
}

export interface ParsedAdapter {
  readonly projections: Projections;
  readonly record: AdapterRecord;
}

/**
 * The projections of an adapter. Throws AppError('conflict') when it was made for another model, AppError('bad-input') when it is no
 * adapter or lacks a tensor.
 */
export function parseAdapter(bytes: Uint8Array, base: Weights, modelHash: string): ParsedAdapter {
  const { metadata, tensors } = parseSafetensors(bytes, 'The adapter');
  const text = metadata[recordKey];
  if (!text) throw new AppError('bad-input', 'This safetensors file is no SonoSync adapter: it has no adapter record.');
  const record = JSON.parse(text) as AdapterRecord; // written by serializeAdapter; what matters of it is compared below
  if (record.modelHash !== modelHash) {
    const found = record.modelHash.slice(0, 12);
    throw new AppError(
      'conflict',
      `The adapter was made for model ${found}…; the active model is ${modelHash.slice(0, 12)}….`,
    );
  }
  const projections = new Map<string, Float32Array>();
  for (const [name, { shape }] of base) {
    if (isPromptProjection(name)) projections.set(name, requireWeight(tensors, name, shape).data);
  }
  return { projections, record };
}
