// Owns the bytes of an ONNX model: the protocol-buffer messages of onnx.proto3 that a graph needs, written by hand since they are few.
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 (field numbers beside each write).
import type { Graph, Node, TensorData } from './graph.ts';
import type { Attribute, Value } from './value.ts';

const opsetVersion = 21;
const irVersion = 10;
const elementType = { float32: 1, int64: 7 } as const;

/** A growing message; chunks are joined once, so that weights are copied once. */
class Message {
  readonly chunks: Uint8Array[] = [];
  length = 0;

  private push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  private varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.push(Uint8Array.from(bytes));
  }

  integer(field: number, value: number): void {
    this.varint(field * 8);
    this.varint(value);
  }

  float(field: number, value: number): void {
    this.varint(field * 8 + 5);
    this.push(new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(field: number, value: Uint8Array): void {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.push(value);
  }

  text(field: number, value: string): void {
    this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, fill: (message: Message) => void): void {
    const inner = new Message();
    fill(inner);
    this.varint(field * 8 + 2);
    this.varint(inner.length);
    for (const chunk of inner.chunks) this.push(chunk);
  }

  join(): Uint8Array {
    const joined = new Uint8Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      joined.set(chunk, offset);
      offset += chunk.length;
    }
    return joined;
  }
}

/** What a model's file says of itself, for programs that open it elsewhere. */
export interface OnnxDescription {
  readonly producerVersion: string;
  /** For people. */
  readonly documentation: string;
  /** metadata_props. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The model's bytes. Nodes and initializers that no output needs are left out. Throws Error when an output is not computed by a node. */
export function serializeOnnx(graph: Graph, name: string, description?: OnnxDescription): Uint8Array {
  const nodes = neededNodes(graph);
  const names = outputNames(graph, nodes);
  const nameOf = (value: Value): string => names.get(value) ?? value.name;
  const used = new Set(nodes.flatMap((node) => node.inputs));

  const model = new Message();
  model.integer(1, irVersion);
  model.text(2, 'SonoSync');
  if (description) {
    model.text(3, description.producerVersion);
    model.text(6, description.documentation);
  }
  model.message(7, (message) => {
    for (const [index, node] of nodes.entries()) message.message(1, (inner) => writeNode(inner, node, index, nameOf));
    message.text(2, name);
    for (const [value, data] of graph.initializers) {
      if (used.has(value)) message.message(5, (inner) => writeTensor(inner, value, data));
    }
    for (const value of graph.inputs) {
      if (used.has(value)) message.message(11, (inner) => writeValueInfo(inner, value.name, value));
    }
    for (const [outputName, value] of graph.outputs)
      message.message(12, (inner) => writeValueInfo(inner, outputName, value));
  });
  model.message(8, (message) => message.integer(2, opsetVersion));
  for (const [key, value] of Object.entries(description?.metadata ?? {})) {
    model.message(14, (message) => {
      message.text(1, key);
      message.text(2, value);
    });
  }
  return model.join();
}

/** The inputs that a run must be given: those that some output depends on. */
export function neededInputs(graph: Graph): Value[] {
  const used = new Set(neededNodes(graph).flatMap((node) => node.inputs));
  return graph.inputs.filter((value) => used.has(value));
}

function neededNodes(graph: Graph): Node[] {
  const wanted = new Set<Value>(graph.outputs.values());
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) wanted.add(input);
  }
  return nodes.reverse();
}

function outputNames(graph: Graph, nodes: readonly Node[]): Map<Value, string> {
  const computed = new Set(nodes.flatMap((node) => node.outputs));
  const names = new Map<Value, string>();
  for (const [outputName, value] of graph.outputs) {
    if (!computed.has(value)) throw new Error(`Output ${outputName} is not computed by a node.`);
    if (names.has(value)) throw new Error(`Outputs ${names.get(value)} and ${outputName} are the same value.`);
    names.set(value, outputName);
  }
  return names;
}

function writeNode(message: Message, node: Node, index: number, nameOf: (value: Value) => string): void {
  for (const input of node.inputs) message.text(1, nameOf(input));
  for (const output of node.outputs) message.text(2, nameOf(output));
  message.text(3, `${node.opType}_${index}`);
  message.text(4, node.opType);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message.message(5, (inner) => writeAttribute(inner, name, attribute));
  }
}

function writeAttribute(message: Message, name: string, attribute: Attribute): void {
  message.text(1, name);
  if ('float' in attribute) {
    message.float(2, attribute.float);
    message.integer(20, 1);
  } else if ('int' in attribute) {
    message.integer(3, attribute.int);
    message.integer(20, 2);
  } else {
    for (const value of attribute.ints) message.integer(8, value);
    message.integer(20, 7);
  }
}

function writeTensor(message: Message, value: Value, data: TensorData): void {
  for (const side of value.shape) message.integer(1, side);
  message.integer(2, elementType[value.dataType]);
  message.text(8, value.name);
  message.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo(message: Message, name: string, value: Value): void {
  message.text(1, name);
  message.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.integer(1, elementType[value.dataType]);
      tensor.message(2, (shape) => {
        for (const side of value.shape) shape.message(1, (dimension) => dimension.integer(1, side));
      });
    }),
  );
}
