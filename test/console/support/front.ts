import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createConsoleSite } from '../../../lib/local/console/console-site.ts';
import { type Listener, listen } from '../../../lib/local/service/listener.ts';

/** Headers of a connection, not of what is sent over it; and the length and coding of a body that fetch has decoded. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
]);

/** Does what CloudFront does in a deployment: one address for the files of the console and for the API behind it. */
export async function startFront(apiUrl: string, folder: string): Promise<Listener> {
  const site = createConsoleSite({ folder: Promise.resolve(folder), frameAncestors: ["'self'"] });
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming;
    const headers = Object.entries(incoming.headers as Record<string, string>).filter(
      ([name]) => name !== 'host' && !OF_THE_CONNECTION.has(name),
    );
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const body = hasBody ? { body: Readable.toWeb(incoming), duplex: 'half' } : {};
    const answer = url.startsWith('/v1/')
      ? await fetch(apiUrl + url, { method, headers, ...body } as RequestInit)
      : ((await site.answer(new URL(url, apiUrl).pathname)) ?? new Response(null, { status: 404 }));
    const answered = [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
    outgoing.writeHead(answer.status, Object.fromEntries(answered));
    if (answer.body) Readable.fromWeb(answer.body as ReadableStream).pipe(outgoing);
    else outgoing.end();
  });
  return listen(server, '127.0.0.1', 0);
}
