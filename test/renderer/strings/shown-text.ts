// Finds words in the interface's sources that are shown to the reader and do not come from the catalogue: text in JSX, attributes that are
// read, and any other text that is written as people write.
import { type ESTree, parseSync } from 'vite';

export interface ShownText {
  readonly line: number;
  readonly text: string;
}

type Node = ESTree.Node;

/** Attributes and properties that are shown or read out, whatever is in them. */
const readNames =
  /^(title|label|alt|placeholder|description|legend|hint|text|message|words|about|aria-(label|description|roledescription|valuetext|placeholder))$|Label$|Text$/;
/** Attributes and properties that never are. */
const unreadNames =
  /^(className|style|id|key|keys|kind|type|role|d|transform|viewBox|points|fill|stroke|cursor|font|fontFamily|fontFamilyMonospace|size|variant|data-.*|aria-(hidden|live|controls|keyshortcuts|haspopup|pressed|current))$/;
/** Calls whose text is for programs, or for whoever repairs the program. */
const unreadCalls =
  /^(t|Error|TypeError|assert|querySelector|closest|matches|getItem|setItem|includes|send|on|addEventListener)$/;
/** As KeyboardEvent.key (UI Events KeyboardEvent key values) and the commands name them. */
const keyNames =
  /^(Space|Escape|Enter|Tab|Backspace|Delete|Home|End|PageUp|PageDown|Ctrl|Control|Shift|Alt|Meta|Dead|Process|Unidentified)$/;

/** The same in every language: the product, units (SI), families of fonts. */
const sameEverywhere = /^(SonoSync|Hz)$|sans-serif$/;

/** Letters that are no code: 'mm' and 'Frame', not '→' or '12'. */
function hasWord(text: string): boolean {
  return /\p{L}{2,}/u.test(text) && !sameEverywhere.test(text.trim());
}

/** Words as in a sentence or a heading: 'not here', 'Frame', 'No model'. What programs name things is none: 'not-here', 'frameId', 'ArrowUp'. */
function isProse(text: string): boolean {
  if (keyNames.test(text) || sameEverywhere.test(text)) return false;
  return /\p{L}{2,}[,.:;]? +\p{L}|^\p{Lu}\p{Ll}+( ?…|[.:!?])?$|\p{L}{2,}[.:!?…] *$/u.test(text);
}

/** The text shown by a source, in order. `file` decides how it is read (.ts or .tsx). */
export function findShownText(file: string, source: string): ShownText[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found: ShownText[] = [];
  visit(program, false, (node, text) => {
    found.push({ line: source.slice(0, node.start).split('\n').length, text: text.trim() });
  });
  return found;
}

type Report = (node: Node, text: string) => void;

/** `shown`: whatever text is met here reaches the reader; else it counts where it is written as people write. */
function visit(node: Node, shown: boolean, report: Report): void {
  // The table's rule for a type takes nodes of that type.
  const rule = rules[node.type] as ((node: Node, shown: boolean, report: Report) => void) | undefined;
  if (rule) rule(node, shown, report);
  else visitAll(childrenOf(node), false, report);
}

function visitAll(nodes: readonly Node[], shown: boolean, report: Report): void {
  for (const node of nodes) visit(node, shown, report);
}

type Rules = {
  readonly [Type in Node['type']]?: (node: Extract<Node, { type: Type }>, shown: boolean, report: Report) => void;
};

const nothing = (): void => {};

const rules: Rules = {
  JSXText(node, _shown, report) {
    if (/\p{L}/u.test(node.value) && !sameEverywhere.test(node.value.trim())) report(node, node.value);
  },
  Literal(node, shown, report) {
    if (typeof node.value !== 'string') return;
    if (shown ? hasWord(node.value) : isProse(node.value)) report(node, node.value);
  },
  TemplateLiteral(node, shown, report) {
    const texts = node.quasis.map((quasi) => quasi.value.cooked ?? '');
    const together = texts.join('…');
    if (shown ? texts.some(hasWord) : isProse(together)) report(node, together);
    visitAll(node.expressions, shown, report);
  },
  JSXAttribute(node, _shown, report) {
    const name = node.name.type === 'JSXIdentifier' ? node.name.name : node.name.name.name;
    if (node.value && !unreadNames.test(name)) visit(node.value, readNames.test(name), report);
  },
  Property(node, _shown, report) {
    if (node.computed) visit(node.key, false, report);
    if (!isNamed(node.key, unreadNames)) visit(node.value, isNamed(node.key, readNames), report);
  },
  // What stands between tags is shown, down to the parts of an expression.
  JSXElement(node, _shown, report) {
    visit(node.openingElement, false, report);
    visitAll(node.children, true, report);
  },
  JSXFragment: (node, _shown, report) => visitAll(node.children, true, report),
  CallExpression: visitCall,
  NewExpression: visitCall,
  // A comparison shows nothing, a sum of texts does.
  BinaryExpression(node, shown, report) {
    if (node.operator === '+') visitAll([node.left, node.right], shown, report);
  },
  ConditionalExpression(node, shown, report) {
    visit(node.test, false, report);
    visitAll([node.consequent, node.alternate], shown, report);
  },
  LogicalExpression: (node, shown, report) => visitAll([node.left, node.right], shown, report),
  MemberExpression: (node, _shown, report) => visit(node.object, false, report),
  SwitchCase: (node, _shown, report) => visitAll(node.consequent, false, report),
  JSXExpressionContainer: (node, shown, report) => visit(node.expression, shown, report),
  ParenthesizedExpression: (node, shown, report) => visit(node.expression, shown, report),
  TSAsExpression: (node, shown, report) => visit(node.expression, shown, report),
  TSSatisfiesExpression: (node, shown, report) => visit(node.expression, shown, report),
  ImportDeclaration: nothing,
  ExportAllDeclaration: nothing,
  TSTypeAliasDeclaration: nothing,
  TSInterfaceDeclaration: nothing,
  TSTypeAnnotation: nothing,
  TSTypeParameterInstantiation: nothing,
};

function visitCall(node: ESTree.CallExpression | ESTree.NewExpression, _shown: boolean, report: Report): void {
  visit(node.callee, false, report);
  const callee = node.callee.type === 'MemberExpression' ? node.callee.property : node.callee;
  if (!isNamed(callee, unreadCalls)) visitAll(node.arguments, false, report);
}

function isNamed(node: Node, names: RegExp): boolean {
  if (node.type === 'Identifier') return names.test(node.name);
  return node.type === 'Literal' && typeof node.value === 'string' && names.test(node.value);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'type' in value);
}
