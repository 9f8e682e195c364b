/// <reference lib="es2025.float16" />
// Owns the stored forms of a tensor's elements: little-endian bytes to and from float32, and integers kept exactly.
// Every system that SonoSync runs on is little-endian, so typed arrays over the bytes read them as they stand.
import { AppError } from '../common/errors.ts';

/** Names as in safetensors (https://github.com/huggingface/safetensors, "Format"). */
export type ElementType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

/** A floating-point tensor in row-major order; `dataType` is what the file held, `data` is always float32. */
export interface StoredTensor {
  readonly dataType: ElementType;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An integer or Boolean tensor in row-major order, without loss. */
export interface StoredIntegers {
  readonly dataType: ElementType;
  readonly shape: readonly number[];
  readonly data: BigInt64Array;
}

const byteLengths = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const satisfies Record<ElementType, number>;

export const elementTypes = Object.keys(byteLengths) as readonly ElementType[]; // the keys are exactly the type

export function isElementType(name: unknown): name is ElementType {
  return typeof name === 'string' && Object.hasOwn(byteLengths, name);
}

/** Bytes of one element. */
export function elementBytes(type: ElementType): number {
  return byteLengths[type];
}

export function isFloating(type: ElementType): boolean {
  return type === 'F64' || type === 'F32' || type === 'F16' || type === 'BF16';
}

/** Elements of a shape read from a file, or null where a side is no whole number from 0 or the product is beyond exact integers. */
export function countElements(shape: readonly number[]): number | null {
  let count = 1;
  for (const side of shape) {
    if (!Number.isSafeInteger(side) || side < 0) return null;
    count *= side;
  }
  return Number.isSafeInteger(count) ? count : null;
}

/** Floating-point bytes as float32; the result shares no memory with `bytes`. `bytes` holds whole elements. */
export function decodeFloats(bytes: Uint8Array, type: ElementType): Float32Array {
  const own = ownBuffer(bytes);
  switch (type) {
    case 'F32':
      return new Float32Array(own);
    case 'F64':
      return new Float32Array(new Float64Array(own));
    case 'F16':
      return new Float32Array(new Float16Array(own));
    case 'BF16':
      // bfloat16 is the upper half of float32.
      return new Float32Array(Uint32Array.from(new Uint16Array(own), (half) => half << 16).buffer);
    case 'I64':
    case 'I32':
    case 'I16':
    case 'I8':
    case 'U8':
    case 'BOOL':
      throw new Error(`${type} elements are integers`);
  }
}

/** Integer or Boolean bytes, without loss; the result shares no memory with `bytes`. */
export function decodeIntegers(bytes: Uint8Array, type: ElementType): BigInt64Array {
  const own = ownBuffer(bytes);
  switch (type) {
    case 'I64':
      return new BigInt64Array(own);
    case 'I32':
      return widen(new Int32Array(own));
    case 'I16':
      return widen(new Int16Array(own));
    case 'I8':
      return widen(new Int8Array(own));
    case 'U8':
    case 'BOOL':
      return widen(new Uint8Array(own));
    case 'F64':
    case 'F32':
    case 'F16':
    case 'BF16':
      throw new Error(`${type} elements are floating-point numbers`);
  }
}

/** Float32 as the bytes of F32 or F16 (rounded to nearest). Throws AppError('bad-input') where a finite value is beyond float16. */
export function encodeFloats(data: Float32Array, type: 'F32' | 'F16', tensorName: string): Uint8Array {
  if (type === 'F32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const halves = new Float16Array(data);
  for (let i = 0; i < halves.length; i += 1) {
    if (Number.isFinite(halves[i]) || !Number.isFinite(data[i])) continue;
    throw new AppError(
      'bad-input',
      `Tensor ${tensorName} holds ${data[i]}, which float16 cannot (65504 at most); store it as F32.`,
    );
  }
  return new Uint8Array(halves.buffer);
}

/** Reverses the bytes of every element in place: files of a big-endian machine. */
export function swapBytes(bytes: Uint8Array, type: ElementType): void {
  const size = byteLengths[type];
  if (size === 1) return;
  for (let start = 0; start + size <= bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

/** A copy whose start is aligned for any element. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function widen(values: Int32Array | Int16Array | Int8Array | Uint8Array): BigInt64Array {
  const wide = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i += 1) wide[i] = BigInt(values[i]);
  return wide;
}
