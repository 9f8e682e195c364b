// Owns the graph: values with static shapes, and nodes of standard ONNX operators (opset 21, https://onnx.ai/onnx/operators/).
// Shapes are known when the graph is built, so that every gradient and every broadcast is decided here and not at run time.
import { inferShapes, type OpType } from './shape-rules.ts';
import { sizeOf, type Attributes, type DataType, type Value } from './value.ts';

export interface Node {
  readonly opType: OpType;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

export type TensorData = Float32Array | BigInt64Array;

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  /** Results by the name under which a run returns them. */
  readonly outputs = new Map<string, Value>();
  readonly initializers = new Map<Value, TensorData>();
  private readonly names = new Set<string>();
  private readonly constants = new Map<string, Value>();

  /** A tensor that is given at every run. */
  input(name: string, shape: readonly number[]): Value {
    const value = this.newValue(name, 'float32', shape);
    this.inputs.push(value);
    return value;
  }

  /** A tensor stored in the model. `data` is row-major and fills the shape. */
  initializer(name: string, shape: readonly number[], data: TensorData): Value {
    const expected = sizeOf(shape);
    if (data.length !== expected) {
      throw new Error(`Initializer ${name} has ${data.length} numbers; shape [${shape.join(', ')}] needs ${expected}.`);
    }
    const value = this.newValue(name, data instanceof Float32Array ? 'float32' : 'int64', shape);
    this.initializers.set(value, data);
    return value;
  }

  /** A small constant; equal ones are stored once. */
  constant(shape: readonly number[], numbers: readonly number[]): Value {
    return this.constantOnce(`f[${shape.join()}]${numbers.join()}`, shape, () => Float32Array.from(numbers));
  }

  /** A constant of int64, for shapes, axes and indices; equal ones are stored once. */
  integers(numbers: readonly number[]): Value {
    return this.constantOnce(`i${numbers.join()}`, [numbers.length], () => BigInt64Array.from(numbers, BigInt));
  }

  scalar(number: number): Value {
    return this.constant([], [number]);
  }

  /** Appends a node; output shapes come from the operator's rule. Throws Error when inputs do not fit, naming the operator. */
  append(opType: OpType, inputs: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    const shapes = inferShapes(opType, inputs, attributes, (value) => this.integersOf(value));
    const outputs = shapes.map((shape) => this.newValue(this.freshName(opType), 'float32', shape));
    this.nodes.push({ opType, inputs, outputs, attributes });
    return outputs;
  }

  /** Makes a computed value a result of the model, under `name`. */
  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw new Error(`The graph has two outputs named ${name}.`);
    this.outputs.set(name, value);
  }

  /** The numbers of a constant int64 value. Throws Error for any other value. */
  integersOf(value: Value): readonly number[] {
    const data = this.initializers.get(value);
    if (!(data instanceof BigInt64Array)) throw new Error(`${value.name} is not a constant of integers.`);
    return Array.from(data, Number);
  }

  /** A constant that is computed and stored once for its key, for those that are too large to compare by their numbers. */
  constantOnce(key: string, shape: readonly number[], data: () => TensorData): Value {
    const known = this.constants.get(key);
    if (known) return known;
    const value = this.initializer(this.freshName('constant'), shape, data());
    this.constants.set(key, value);
    return value;
  }

  private newValue(name: string, dataType: DataType, shape: readonly number[]): Value {
    if (this.names.has(name)) throw new Error(`The graph has two values named ${name}.`);
    this.names.add(name);
    return { name, dataType, shape };
  }

  private freshName(stem: string): string {
    return `${stem}_${this.names.size}`;
  }
}
