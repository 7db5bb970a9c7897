import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Answer, asResponse } from './serve-calls.ts';

/** The values of `Host` that are remembered: clients know a service by one or two names. */
const REMEMBERED_HOSTS = 16;

/** The values of `Host` that the adapter of the web's Request has let pass: to it a plain path is always good. */
export class GoodHosts {
  readonly #hosts = new Set<string>();

  has(host: string): boolean {
    return this.#hosts.has(host);
  }

  add(host: string | undefined): void {
    if (host === undefined || this.#hosts.has(host)) return;
    if (this.#hosts.size >= REMEMBERED_HOSTS) this.#hosts.clear();
    this.#hosts.add(host);
  }
}

/**
 * Writes an answer as it is: no Request, no Response and no headers of the web's are made for it, which at a low rate take
 * longer than most of what a post does. A body that nobody has read is left to the adapter, which reads it away.
 */
export function writeAnswer(answer: Answer, incoming: IncomingMessage, outgoing: ServerResponse): unknown {
  if (incoming.method !== 'GET' && !incoming.readableEnded) return leaveToAdapter(answer, incoming, outgoing);
  const { status, headers, body } = answer;
  const list = Object.entries(headers).flat();
  if (body === undefined) return outgoing.writeHead(status, list).end();
  list.push('content-length', String(Buffer.byteLength(body)));
  return outgoing.writeHead(status, list).end(body);
}

function leaveToAdapter(answer: Answer, ...exchange: Parameters<RequestListener>): unknown {
  return getRequestListener(async () => asResponse(answer))(...exchange);
}
