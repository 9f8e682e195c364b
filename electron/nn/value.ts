// Owns what a graph is made of: values with static shapes, and attributes of operators.

export type DataType = 'float32' | 'int64';

/** A tensor of the graph; identity is the object, `name` is unique in its graph. */
export interface Value {
  readonly name: string;
  readonly dataType: DataType;
  readonly shape: readonly number[];
}

export type Attribute = { readonly int: number } | { readonly ints: readonly number[] } | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

export function shapesEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, index) => side === b[index]);
}

export function intOf(attributes: Attributes, name: string): number {
  const attribute = attributes[name];
  if (!attribute || !('int' in attribute)) throw new Error(`attribute ${name} must be an integer`);
  return attribute.int;
}

export function intsOf(attributes: Attributes, name: string): readonly number[] {
  const attribute = attributes[name];
  if (!attribute || !('ints' in attribute)) throw new Error(`attribute ${name} must be a list of integers`);
  return attribute.ints;
}
