// Owns what a checkpoint's pickle may be made of: plain values, tensors as descriptions, and the globals that are allowed to be named.
// A global is a word here, never code: `reduceGlobal` knows what the allowed calls would have returned.
import { AppError } from '../../common/errors.ts';
import type { ElementType } from '../element-types.ts';

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

export interface PickleDict {
  readonly kind: 'dict';
  readonly items: Map<string | number, PickleValue>;
}

/** A name out of the closed list below. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: GlobalName | StorageName;
}

/** A persistent id: in a checkpoint ('storage', storage type, key, device, elements). */
export interface PicklePersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
}

/** A view on a storage; offset and strides in elements. The claims are not checked yet. */
export interface PickleTensor {
  readonly kind: 'tensor';
  readonly storageKey: string;
  readonly storageElements: number;
  readonly dataType: ElementType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PicklePersistent
  | PickleTensor;

/** torch/storage.py: the classes of typed storages. */
const storageTypes = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
} as const satisfies Record<string, ElementType>;

type StorageName = keyof typeof storageTypes;

/** PyTorch's own limit is 64; weights have four at most. */
const axesLimit = 64;

const globalNames = [
  'collections.OrderedDict',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
] as const;
type GlobalName = (typeof globalNames)[number];

/** The global of that name, or AppError('unsupported') naming it. */
export function requireGlobal(module: string, name: string, fileName: string): PickleGlobal {
  const full = `${module}.${name}`;
  if (isStorageName(full) || isGlobalName(full)) return { kind: 'global', name: full };
  throw new AppError(
    'unsupported',
    `${fileName} names ${printable(full)}, which a checkpoint of tensors does not need; nothing was run. Expected a PyTorch state dict, or {model, optimizer, epoch}.`,
  );
}

/** What calling an allowed global returns. Throws AppError('unsupported') for any other callable, 'corrupt' for wrong arguments. */
export function reduceGlobal(callable: PickleValue, argumentTuple: PickleValue, fileName: string): PickleValue {
  if (!isKind(callable, 'global')) {
    throw new AppError('unsupported', `${fileName} calls ${describe(callable)}; nothing was run.`);
  }
  if (!isKind(argumentTuple, 'tuple')) throw brokenCall(fileName, callable.name);
  const { name } = callable;
  if (isStorageName(name)) {
    throw new AppError('unsupported', `${fileName} calls ${name}, which only names a type; nothing was run.`);
  }
  const values = argumentTuple.items;
  switch (name) {
    case 'collections.OrderedDict':
      if (values.length > 0) throw brokenCall(fileName, name);
      return { kind: 'dict', items: new Map() };
    case 'torch._utils._rebuild_parameter': {
      const [tensor] = values; // (data, requires_grad, backward_hooks)
      if (!isKind(tensor, 'tensor')) throw brokenCall(fileName, name);
      return tensor;
    }
    case 'torch._utils._rebuild_tensor_v2':
      return rebuildTensor(values, fileName);
  }
}

/** What a value is, for messages: its kind, never its content. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return value.kind === 'global' ? value.name : `a ${value.kind}`;
}

/** (storage, offset, size, stride, requires_grad, backward_hooks[, metadata]) of torch/_utils.py. */
function rebuildTensor(values: readonly PickleValue[], fileName: string): PickleTensor {
  const [storage, offset, size, stride] = values;
  const id = isKind(storage, 'persistent') && isKind(storage.id, 'tuple') ? storage.id.items : [];
  const [word, type, key, , elements] = id;
  const shape = wholeNumbers(size);
  const strides = wholeNumbers(stride);
  if (word !== 'storage' || !isKind(type, 'global') || !isStorageName(type.name) || typeof key !== 'string') {
    throw brokenCall(fileName, 'torch._utils._rebuild_tensor_v2');
  }
  if (
    !isWholeNumber(elements) ||
    !isWholeNumber(offset) ||
    !shape ||
    !strides ||
    shape.length !== strides.length ||
    shape.length > axesLimit
  ) {
    throw brokenCall(fileName, 'torch._utils._rebuild_tensor_v2');
  }
  return {
    kind: 'tensor',
    storageKey: key,
    storageElements: elements,
    dataType: storageTypes[type.name],
    offset,
    shape,
    strides,
  };
}

function isKind<K extends 'list' | 'tuple' | 'dict' | 'global' | 'persistent' | 'tensor'>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

function isWholeNumber(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function wholeNumbers(value: PickleValue | undefined): number[] | null {
  if (!isKind(value, 'tuple')) return null;
  const numbers = value.items.filter(isWholeNumber);
  return numbers.length === value.items.length ? numbers : null;
}

function isStorageName(name: string): name is StorageName {
  return Object.hasOwn(storageTypes, name);
}

function isGlobalName(name: string): name is GlobalName {
  return globalNames.some((known) => known === name);
}

function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100);
}

function brokenCall(fileName: string, name: string): AppError {
  return new AppError('corrupt', `${fileName}: the arguments of ${name} are not those that PyTorch writes.`);
}
