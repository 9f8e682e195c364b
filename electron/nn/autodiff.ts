// Owns reverse-mode differentiation on the graph: walks back from a scalar along the paths to the asked values only, accumulates,
// sums broadcasts, and stops at everything else. The gradients are new nodes of the same graph.
import type { Graph, Node } from './graph.ts';
import { gradientRules, type GradientRule } from './gradients.ts';
import { add, reduceSum, reshape } from './ops.ts';
import { shapesEqual, type Value } from './value.ts';

/**
 * The gradients of `loss` (one element) with respect to `targets`, each with its target's shape.
 * Throws Error when the loss is no scalar, or does not depend on a target (its name is given).
 */
export function gradients(g: Graph, loss: Value, targets: readonly Value[]): Value[] {
  if (loss.shape.some((side) => side !== 1))
    throw new Error(`${loss.name} is not a scalar: [${loss.shape.join(', ')}].`);
  const forward = [...g.nodes];
  const onPath = valuesDependingOn(forward, targets);
  if (!onPath.has(loss)) throw new Error(`${loss.name} depends on none of the asked values.`);

  const arrived = new Map<Value, Value>([[loss, g.constant(loss.shape, [1])]]);
  for (const node of forward.reverse()) {
    const dys = node.outputs.map((output) => arrived.get(output) ?? null);
    const needs = node.inputs.map((input) => onPath.has(input));
    if (dys.every((dy) => dy === null) || !needs.includes(true)) continue;
    propagate(g, node, dys, needs, arrived);
  }
  return targets.map((target) => {
    const gradient = arrived.get(target);
    if (!gradient) throw new Error(`${loss.name} does not depend on ${target.name}.`);
    return gradient;
  });
}

function propagate(
  g: Graph,
  node: Node,
  dys: readonly (Value | null)[],
  needs: readonly boolean[],
  arrived: Map<Value, Value>,
): void {
  const rule: GradientRule = gradientRules[node.opType];
  const dxs = rule({ g, node, dys, needs });
  if (dxs.length !== node.inputs.length) {
    throw new Error(`The rule of ${node.opType} gives ${dxs.length} gradients for ${node.inputs.length} inputs.`);
  }
  node.inputs.forEach((input, index) => {
    const dx = dxs[index];
    if (!needs[index]) return;
    if (!dx) throw new Error(`${node.opType} has no gradient for its input ${index} (${input.name}).`);
    const fitted = sumToShape(g, dx, input.shape);
    const before = arrived.get(input);
    arrived.set(input, before ? add(g, before, fitted) : fitted);
  });
}

/** Every value that some target flows into, the targets included. */
function valuesDependingOn(nodes: readonly Node[], targets: readonly Value[]): Set<Value> {
  const dependent = new Set<Value>(targets);
  for (const node of nodes) {
    if (node.inputs.some((input) => dependent.has(input))) for (const output of node.outputs) dependent.add(output);
  }
  return dependent;
}

/** The reverse of broadcasting: sums the axes that were added or stretched. */
function sumToShape(g: Graph, x: Value, shape: readonly number[]): Value {
  if (shapesEqual(x.shape, shape)) return x;
  const added = x.shape.length - shape.length;
  const axes = x.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < added || (shape[axis - added] === 1 && x.shape[axis] !== 1));
  return reshape(g, reduceSum(g, x, axes), shape);
}
