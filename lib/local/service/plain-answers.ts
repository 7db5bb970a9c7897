import type { IncomingMessage, ServerResponse } from 'node:http';
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

  /** Of a call that the adapter has let pass. In one of an absolute URL it has not looked at the Host. */
  add({ url, headers: { host } }: IncomingMessage): void {
    if (host === undefined || this.#hosts.has(host) || !url?.startsWith('/')) return;
    if (this.#hosts.size >= REMEMBERED_HOSTS) this.#hosts.clear();
    this.#hosts.add(host);
  }
}

/**
 * Writes an answer as it is: no Request, no Response and no headers of the web's are made for it, which nobody would read.
 * A body that nobody has read is left to the adapter, which reads it away, and so is what can't be written, or has failed.
 */
export async function writeAnswer(
  answering: Promise<Answer>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const answer = await answering.catch(() => undefined);
  const isBodyLeft = incoming.method !== 'GET' && !incoming.readableEnded;
  if (answer && !isBodyLeft && write(answer, outgoing)) return;
  await getRequestListener(() => answering.then(asResponse))(incoming, outgoing);
}

/** @returns whether it could be written */
function write({ status, headers, body }: Answer, outgoing: ServerResponse): boolean {
  const list = Object.entries(headers).flat();
  if (body !== undefined) list.push('content-length', String(Buffer.byteLength(body)));
  try {
    outgoing.writeHead(status, list);
  } catch {
    return false;
  }
  outgoing.end(body);
  return true;
}
