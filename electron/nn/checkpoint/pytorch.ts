// Owns PyTorch checkpoints: which entries of the archive are what, where the state dict is, and how a tensor is gathered out of its storage.
// Layout of torch.save since 1.6: <folder>/data.pkl, <folder>/data/<storage key>, <folder>/version, since 2.0 also <folder>/byteorder.
import { AppError } from '../../common/errors.ts';
import {
  countElements,
  decodeFloats,
  decodeIntegers,
  elementBytes,
  isFloating,
  swapBytes,
  type StoredIntegers,
  type StoredTensor,
} from '../element-types.ts';
import { gatherStrided, isContiguous } from './strides.ts';
import { parsePickle } from './pickle.ts';
import { describe, type PickleDict, type PickleTensor, type PickleValue } from './pickle-values.ts';
import type { ZipArchive, ZipEntry } from './zip.ts';

export interface PytorchTensors {
  readonly tensors: Map<string, StoredTensor>;
  readonly integers: Map<string, StoredIntegers>;
  /** The plain values beside the state dict: epoch and the like, as text. */
  readonly metadata: Record<string, string>;
}

/** Keys under which training scripts keep the state dict; the authors use `model`. */
const wrapperKeys = ['model', 'state_dict', 'model_state_dict'];
/** 2 GiB of float32: eight times the authors' size. */
const elementsLimit = 2 ** 29;

/** The state dict of an archive. Only its storages are read, not those of an optimizer. Throws AppError naming the file and the tensor. */
export async function readPytorchArchive(archive: ZipArchive, fileName: string): Promise<PytorchTensors> {
  const { folder, pickle } = findPickle(archive, fileName);
  const bigEndian = await isBigEndian(archive, folder, fileName);
  const root = parsePickle(await archive.read(pickle), fileName);
  const { state, metadata } = findStateDict(root, fileName);

  const byStorage = new Map<string, [string, PickleTensor][]>();
  let elements = 0;
  for (const [name, tensor] of state) {
    elements += checkTensor(name, tensor, fileName);
    const users = byStorage.get(tensor.storageKey);
    if (users) users.push([name, tensor]);
    else byStorage.set(tensor.storageKey, [[name, tensor]]);
  }
  if (elements > elementsLimit) {
    throw new AppError(
      'unsupported',
      `${fileName}: its tensors have ${elements} elements; at most ${elementsLimit} are read.`,
    );
  }

  const read = new Map<string, StoredTensor | StoredIntegers>();
  for (const [key, users] of byStorage) {
    const bytes = await readStorage(archive, `${folder}/data/${key}`, users, fileName);
    if (bigEndian) swapBytes(bytes, users[0][1].dataType);
    for (const [name, tensor] of users) read.set(name, decodeTensor(bytes, tensor));
  }

  const tensors = new Map<string, StoredTensor>();
  const integers = new Map<string, StoredIntegers>();
  for (const [name] of state) {
    const { dataType, shape, data } = read.get(name)!;
    if (data instanceof Float32Array) tensors.set(name, { dataType, shape, data });
    else integers.set(name, { dataType, shape, data });
  }
  return { tensors, integers, metadata };
}

function findPickle(archive: ZipArchive, fileName: string): { folder: string; pickle: ZipEntry } {
  const found = [...archive.entries.values()].filter((entry) => /^[^/]+\/data\.pkl$/.test(entry.name));
  if (found.length !== 1) {
    throw new AppError(
      'unsupported',
      `${fileName} is a zip archive, but not a PyTorch checkpoint: expected one entry <name>/data.pkl, found ${found.length}.`,
    );
  }
  const folder = found[0].name.slice(0, -'/data.pkl'.length);
  if (archive.entries.has(`${folder}/constants.pkl`)) {
    throw new AppError(
      'unsupported',
      `${fileName} is a TorchScript program; expected a checkpoint: torch.save(model.state_dict(), path).`,
    );
  }
  return { folder, pickle: found[0] };
}

async function isBigEndian(archive: ZipArchive, folder: string, fileName: string): Promise<boolean> {
  const entry = archive.entries.get(`${folder}/byteorder`);
  if (!entry) return false; // before 2.0: written on little-endian machines
  const order = Buffer.from(await archive.read(entry)).toString('latin1');
  if (order === 'little' || order === 'big') return order === 'big';
  throw new AppError('corrupt', `${fileName}: its byteorder entry should say little or big.`);
}

function findStateDict(
  root: PickleValue,
  fileName: string,
): { state: [string, PickleTensor][]; metadata: Record<string, string> } {
  const expected = 'expected a state dict (names and tensors) or a dict that has one under "model"';
  if (!isDict(root)) throw new AppError('unsupported', `${fileName} holds ${describe(root)}; ${expected}.`);
  const wrapper = wrapperKeys.find((key) => isDict(root.items.get(key)));
  const inner = wrapper === undefined ? root : root.items.get(wrapper);
  if (!isDict(inner) || inner.items.size === 0) {
    throw new AppError('unsupported', `${fileName} holds no tensors; ${expected}.`);
  }
  const state = [...inner.items].map(([name, value]): [string, PickleTensor] => {
    if (typeof name === 'string' && typeof value === 'object' && value?.kind === 'tensor') return [name, value];
    throw new AppError('unsupported', `${fileName}: entry ${name} is ${describe(value)}, not a tensor; ${expected}.`);
  });
  const beside = wrapper === undefined ? [] : [...root.items];
  const metadata = beside.flatMap(([key, value]): [string, string][] =>
    typeof value === 'number' || typeof value === 'string' ? [[String(key), String(value)]] : [],
  );
  return { state, metadata: Object.fromEntries(metadata) };
}

/** The tensor's number of elements, once all that it claims lies inside its storage. */
function checkTensor(name: string, tensor: PickleTensor, fileName: string): number {
  const { shape, strides, offset, storageElements } = tensor;
  const count = countElements(shape);
  if (count === null)
    throw new AppError('corrupt', `${fileName}, tensor ${name}: shape [${shape.join(', ')}] is too large.`);
  if (count === 0) return 0;
  const last = shape.reduce((position, side, axis) => position + (side - 1) * strides[axis], offset);
  if (last >= storageElements) {
    throw new AppError(
      'corrupt',
      `${fileName}, tensor ${name}: shape [${shape.join(', ')}], strides [${strides.join(', ')}] and offset ${offset} reach element ${last}; its storage has ${storageElements}.`,
    );
  }
  if (count > storageElements) {
    throw new AppError(
      'unsupported',
      `${fileName}, tensor ${name}: it repeats ${storageElements} stored elements as ${count}; expected one element each.`,
    );
  }
  return count;
}

/** The bytes of a storage, which all its users must see alike. */
async function readStorage(
  archive: ZipArchive,
  entryName: string,
  users: readonly [string, PickleTensor][],
  fileName: string,
): Promise<Uint8Array> {
  const [[name, first]] = users;
  const other = users.find(
    ([, tensor]) => tensor.dataType !== first.dataType || tensor.storageElements !== first.storageElements,
  );
  if (other) {
    throw new AppError(
      'corrupt',
      `${fileName}: tensors ${name} and ${other[0]} see one storage as two types or sizes.`,
    );
  }
  const entry = archive.entries.get(entryName);
  if (!entry) throw new AppError('corrupt', `${fileName}, tensor ${name}: its storage ${entryName} is missing.`);
  const expected = first.storageElements * elementBytes(first.dataType);
  if (entry.size !== expected) {
    throw new AppError(
      'corrupt',
      `${fileName}, tensor ${name}: ${first.storageElements} elements of ${first.dataType} take ${expected} bytes, its storage ${entryName} has ${entry.size}.`,
    );
  }
  return archive.read(entry);
}

function decodeTensor(bytes: Uint8Array, tensor: PickleTensor): StoredTensor | StoredIntegers {
  const { dataType, shape } = tensor;
  const size = elementBytes(dataType);
  const count = shape.reduce((product, side) => product * side, 1);
  const own = isContiguous(tensor)
    ? bytes.subarray(tensor.offset * size, (tensor.offset + count) * size)
    : gatherStrided(bytes, tensor, size);
  return isFloating(dataType)
    ? { dataType, shape, data: decodeFloats(own, dataType) }
    : { dataType, shape, data: decodeIntegers(own, dataType) };
}

function isDict(value: PickleValue | undefined): value is PickleDict {
  return typeof value === 'object' && value !== null && value.kind === 'dict';
}
