// Owns the bytes of the loopback host on the page's side: MessagePack (msgpack.org) requests, replies and events, checked against the
// contract as they come in.
import { decode, encode } from '@msgpack/msgpack';
import {
  type ApiReply,
  type CommandName,
  type CommandOutput,
  commands,
  type EventName,
  events,
  type EventValue,
} from '../../electron/common/api.ts';
import { AppError, errorCodes, fromErrorMessage } from '../../electron/common/errors.ts';
import { t } from '../strings/index.ts';

export const wireMediaType = 'application/msgpack';

/** Fields that are undefined are left out; null stays null. */
export function encodeRequest(input: unknown): Uint8Array<ArrayBuffer> {
  // The encoder writes into a buffer of its own, never a shared one.
  return encode(input, { ignoreUndefined: true });
}

/** The value of a reply. Throws what the app threw, and AppError('fault') for bytes that are no reply. */
export function decodeReply<N extends CommandName>(name: N, bytes: Uint8Array): CommandOutput<N> {
  return readReply(name, decodeBytes(bytes));
}

/** The same for a reply that arrived as a value. */
export function readReply<N extends CommandName>(name: N, reply: unknown): CommandOutput<N> {
  if (!isReply(reply)) throw new AppError('fault', t('connection.noReply', { command: name }));
  if (!reply.ok) throw fromErrorMessage(reply.error);
  const parsed = commands[name].output.safeParse(reply.value);
  if (!parsed.success)
    throw new AppError('fault', t('connection.brokenContract', { command: name, reason: parsed.error.message }));
  // The schema of this very command has just accepted it; the compiler cannot follow the index.
  return parsed.data as CommandOutput<N>;
}

/** An event of the contract, or null for one that this page does not know or that breaks it. */
export function decodeEvent(bytes: Uint8Array): { name: EventName; value: EventValue<EventName> } | null {
  const message = decodeBytes(bytes);
  if (typeof message !== 'object' || message === null || !('name' in message) || !('value' in message)) return null;
  return readEvent(message.name, message.value);
}

export function readEvent(name: unknown, value: unknown): { name: EventName; value: EventValue<EventName> } | null {
  if (typeof name !== 'string' || !Object.hasOwn(events, name)) return null;
  const known = name as EventName; // own key of the table, checked above
  const parsed = events[known].safeParse(value);
  return parsed.success ? { name: known, value: parsed.data } : null;
}

function decodeBytes(bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new AppError('fault', t('connection.notMessagePack'), { cause });
  }
}

function isReply(value: unknown): value is ApiReply<unknown> {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  if (value.ok === true) return 'value' in value;
  if (!('error' in value) || typeof value.error !== 'object' || value.error === null) return false;
  const { error } = value;
  const codes: readonly unknown[] = [...errorCodes, 'aborted'];
  return 'code' in error && codes.includes(error.code) && 'message' in error && typeof error.message === 'string';
}
