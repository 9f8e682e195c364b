// Owns the pickle machine for checkpoints: a closed list of opcodes that build plain values, and a closed list of globals that stand for
// themselves. Nothing is imported, looked up or executed; whatever is not listed is refused by name. Opcodes: CPython's pickletools.
import { AppError } from '../../common/errors.ts';
import { reduceGlobal, requireGlobal, type PickleDict, type PickleValue } from './pickle-values.ts';

const markDepthLimit = 200;
/** A pickle holds names and shapes, not data: the authors' checkpoint takes 0.1 MB. */
const pickleLimit = 64 * 1024 * 1024;

/** Runs a pickle to its STOP and returns the value. Throws AppError('unsupported') naming a refused opcode or global, 'corrupt' on nonsense. */
export function parsePickle(bytes: Uint8Array, fileName: string): PickleValue {
  if (bytes.length > pickleLimit) {
    throw new AppError(
      'unsupported',
      `${fileName}: its pickle takes ${bytes.length} bytes; at most ${pickleLimit} are read.`,
    );
  }
  return new PickleMachine(bytes, fileName).run();
}

class PickleMachine {
  readonly #bytes: Buffer;
  readonly #fileName: string;
  readonly #memo = new Map<number, PickleValue>();
  /** The stacks below the open marks; the last mark's values are in #stack. */
  readonly #outer: PickleValue[][] = [];
  #stack: PickleValue[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, fileName: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fileName = fileName;
  }

  run(): PickleValue {
    for (;;) {
      const start = this.#at;
      const opcode = this.#take(1).readUInt8(0);
      if (opcode === 0x2e) return this.#pop(); // STOP
      this.#step(opcode, start);
    }
  }

  #step(opcode: number, start: number): void {
    switch (opcode) {
      case 0x80: {
        const protocol = this.#take(1).readUInt8(0);
        if (protocol < 2 || protocol > 5) throw this.#unsupported(`pickle protocol ${protocol} (2 to 5 are read)`);
        return;
      }
      case 0x95: // FRAME: a hint of length, of no use here
        this.#take(8);
        return;
      case 0x28: // MARK
        if (this.#outer.length >= markDepthLimit) throw this.#unsupported(`more than ${markDepthLimit} nested marks`);
        this.#outer.push(this.#stack);
        this.#stack = [];
        return;
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x4b: // BININT1
        return this.#push(this.#take(1).readUInt8(0));
      case 0x4d: // BININT2
        return this.#push(this.#take(2).readUInt16LE(0));
      case 0x4a: // BININT
        return this.#push(this.#take(4).readInt32LE(0));
      case 0x8a: // LONG1
        return this.#push(this.#long(this.#take(1).readUInt8(0)));
      case 0x47: // BINFLOAT
        return this.#push(this.#take(8).readDoubleBE(0));
      case 0x8c: // SHORT_BINUNICODE
        return this.#push(this.#text(this.#take(1).readUInt8(0)));
      case 0x58: // BINUNICODE
        return this.#push(this.#text(this.#take(4).readUInt32LE(0)));
      case 0x5d: // EMPTY_LIST
        return this.#push({ kind: 'list', items: [] });
      case 0x61: // APPEND
        return this.#append([this.#pop()]);
      case 0x65: // APPENDS
        return this.#append(this.#popMark());
      case 0x29: // EMPTY_TUPLE
        return this.#push({ kind: 'tuple', items: [] });
      case 0x85: // TUPLE1
        return this.#pushTuple(1);
      case 0x86: // TUPLE2
        return this.#pushTuple(2);
      case 0x87: // TUPLE3
        return this.#pushTuple(3);
      case 0x74: // TUPLE
        return this.#push({ kind: 'tuple', items: this.#popMark() });
      case 0x7d: // EMPTY_DICT
        return this.#push({ kind: 'dict', items: new Map() });
      case 0x73: // SETITEM
        return this.#setItems(this.#popMany(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#popMark());
      case 0x71: // BINPUT
        return void this.#memo.set(this.#take(1).readUInt8(0), this.#top());
      case 0x72: // LONG_BINPUT
        return void this.#memo.set(this.#take(4).readUInt32LE(0), this.#top());
      case 0x94: // MEMOIZE
        return void this.#memo.set(this.#memo.size, this.#top());
      case 0x68: // BINGET
        return this.#recall(this.#take(1).readUInt8(0));
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#take(4).readUInt32LE(0));
      case 0x63: // GLOBAL
        return this.#pushGlobal(this.#line(), this.#line());
      case 0x93: {
        const [module, name] = this.#popMany(2); // STACK_GLOBAL
        if (typeof module !== 'string' || typeof name !== 'string') throw this.#corrupt('a global without a name');
        return this.#pushGlobal(module, name);
      }
      case 0x51: // BINPERSID
        return this.#push({ kind: 'persistent', id: this.#pop() });
      case 0x52: {
        const [callable, argumentTuple] = this.#popMany(2); // REDUCE
        return this.#push(reduceGlobal(callable, argumentTuple, this.#fileName));
      }
      case 0x62: // BUILD: sets attributes; a state dict's only one, _metadata (version numbers), says nothing about its tensors.
        this.#pop();
        return void this.#requireDict(this.#top(), 'attributes');
      default:
        throw this.#unsupported(`pickle opcode 0x${opcode.toString(16).padStart(2, '0')} at byte ${start}`);
    }
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length)
      throw this.#corrupt(`it ends at byte ${this.#bytes.length} without STOP`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#corrupt('a global without an end');
    const line = this.#take(end - this.#at).toString('utf8');
    this.#at += 1;
    return line;
  }

  #text(length: number): string {
    return this.#take(length).toString('utf8');
  }

  #long(length: number): number {
    if (length > 8) throw this.#unsupported(`an integer of ${length} bytes`);
    const value = length === 0 ? 0n : BigInt(`0x${Buffer.from(this.#take(length)).reverse().toString('hex')}`);
    const signed = Number(BigInt.asIntN(length * 8, value));
    if (!Number.isSafeInteger(signed)) throw this.#unsupported(`an integer of ${length} bytes`);
    return signed;
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #pushTuple(length: number): void {
    this.#push({ kind: 'tuple', items: this.#popMany(length) });
  }

  #pushGlobal(module: string, name: string): void {
    this.#push(requireGlobal(module, name, this.#fileName));
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw this.#corrupt('its stack is empty');
    return value;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) throw this.#corrupt('its stack is empty');
    return this.#stack.splice(-count);
  }

  #popMark(): PickleValue[] {
    const items = this.#stack;
    const outer = this.#outer.pop();
    if (!outer) throw this.#corrupt('a mark is missing');
    this.#stack = outer;
    return items;
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#corrupt(`memo ${index} was never set`);
    this.#push(value);
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top();
    if (typeof list !== 'object' || list?.kind !== 'list') throw this.#corrupt('items appended to what is no list');
    for (const item of items) list.items.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#requireDict(this.#top(), 'items');
    if (items.length % 2 !== 0) throw this.#corrupt('a dict key without a value');
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      if (typeof key !== 'string' && typeof key !== 'number')
        throw this.#unsupported('a dict key that is no string or number');
      dict.items.set(key, items[i + 1]);
    }
  }

  #requireDict(value: PickleValue, what: string): PickleDict {
    if (typeof value !== 'object' || value?.kind !== 'dict') throw this.#corrupt(`${what} set on what is no dict`);
    return value;
  }

  #corrupt(found: string): AppError {
    return new AppError('corrupt', `${this.#fileName}: its pickle is broken: ${found}.`);
  }

  #unsupported(found: string): AppError {
    return new AppError(
      'unsupported',
      `${this.#fileName} needs ${found}, which a checkpoint of tensors does not; it was not run.`,
    );
  }
}
