// Owns views on a storage: where the elements of a strided tensor lie, and their copy in row-major order.

/** Offset and strides in elements; `strides.length === shape.length`. */
export interface StridedView {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** True where the elements lie one after the other in row-major order. Strides of sides of length 1 mean nothing. */
export function isContiguous({ shape, strides }: StridedView): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

/** The bytes of a view's elements in row-major order. The view lies inside `bytes`. */
export function gatherStrided(
  bytes: Uint8Array,
  { offset, shape, strides }: StridedView,
  elementSize: number,
): Uint8Array {
  const count = shape.reduce((product, side) => product * side, 1);
  const gathered = new Uint8Array(count * elementSize);
  const position = shape.map(() => 0);
  let source = offset;
  for (let element = 0; element < count; element += 1) {
    const start = source * elementSize;
    for (let byte = 0; byte < elementSize; byte += 1) gathered[element * elementSize + byte] = bytes[start + byte];
    // Count up like an odometer: the last axis turns fastest.
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      position[axis] += 1;
      source += strides[axis];
      if (position[axis] < shape[axis]) break;
      source -= strides[axis] * shape[axis];
      position[axis] = 0;
    }
  }
  return gathered;
}
