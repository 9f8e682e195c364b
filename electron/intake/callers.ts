// Owns who may send: application entity titles, each from any machine or from a named one, and the answer to everybody else (PS3.8 table 9-21).
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

export interface Caller {
  readonly aeTitle: string;
  /** Address or name of the machine; null for any. */
  readonly host: string | null;
}

export interface CallRules {
  /** The title under which this machine is called. */
  readonly aeTitle: string;
  /** Nobody is refused for their title where there is none. */
  readonly callers: readonly Caller[];
}

export interface Call {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** Of the peer, as the socket gives it. */
  readonly address: string;
}

/** Result, source and reason of A-ASSOCIATE-RJ, with the words for this side. */
export interface Refusal {
  readonly result: 1 | 2;
  readonly source: 1 | 2 | 3;
  readonly reason: number;
  readonly words: string;
}

const permanent = 1;
const transient = 2;
const serviceUser = 1;
const presentationProvider = 3;

export const tooManyCalls: Refusal = {
  result: transient,
  source: presentationProvider,
  reason: 2, // local limit exceeded
  words: 'too many connections at a time',
};

/** Null where the call is taken. */
export async function judgeCall(rules: CallRules, call: Call): Promise<Refusal | null> {
  if (call.calledAeTitle !== rules.aeTitle) {
    const words = `it calls "${call.calledAeTitle}", and this is "${rules.aeTitle}"`;
    return { result: permanent, source: serviceUser, reason: 7, words };
  }
  if (rules.callers.length === 0) return null;
  const unknown = { result: permanent, source: serviceUser, reason: 3 } as const;
  const named = rules.callers.filter(({ aeTitle }) => aeTitle === call.callingAeTitle);
  if (named.length === 0) return { ...unknown, words: `"${call.callingAeTitle}" is not among the allowed callers` };
  for (const { host } of named) if (host === null || (await isAddressOf(call.address, host))) return null;
  return { ...unknown, words: `"${call.callingAeTitle}" is not allowed from ${plainAddress(call.address)}` };
}

async function isAddressOf(address: string, host: string): Promise<boolean> {
  const plain = plainAddress(address);
  if (isIP(host) !== 0) return plainAddress(host) === plain;
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.some((one) => plainAddress(one.address) === plain);
}

/** An IPv4 address also where the socket speaks IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
