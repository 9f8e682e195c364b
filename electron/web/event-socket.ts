// Owns the WebSocket that carries the app's events to the pages that are open.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { EventHub } from '../app/event-hub.ts';
import { encodeMessage } from './codec.ts';

/** A page that reads nothing for so long that this much waits is cut off; it connects again and reloads. */
const backlogLimitBytes = 16 * 2 ** 20;
const pingIntervalMs = 30_000;

export interface EventSocket {
  /** Takes over a connection that was let in. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export function createEventSocket(events: EventHub): EventSocket {
  // Nothing is expected from the page, so that a small limit does.
  const server = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  const answering = new WeakSet<WebSocket>();
  const unsubscribe = events.subscribe((name, value) => {
    if (server.clients.size === 0) return;
    const message = encodeMessage({ name, value });
    for (const client of server.clients) {
      if (client.readyState !== WebSocket.OPEN) continue;
      if (client.bufferedAmount > backlogLimitBytes) client.terminate();
      else client.send(message);
    }
  });
  const heartbeat = setInterval(() => {
    for (const client of server.clients) {
      if (answering.delete(client)) client.ping();
      else client.terminate();
    }
  }, pingIntervalMs);
  heartbeat.unref();
  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (client) => {
        answering.add(client);
        client.on('pong', () => answering.add(client));
        // A broken connection ends by itself; the page connects again.
        client.on('error', () => client.terminate());
      });
    },
    close() {
      unsubscribe();
      clearInterval(heartbeat);
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
