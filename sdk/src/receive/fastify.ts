import type { ReceivedMessage } from './message.ts';
import { DEFAULT_MAX_BYTES, type Handler, type ReceiverOptions, receive } from './receiver.ts';

interface FastifyRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
}

interface FastifyReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body?: string): unknown;
}

/** An instance of Fastify (4 and 5), whose overloads no smaller type matches. */
export interface FastifyInstance {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(...parser: never[]): unknown;
  post(...route: never[]): unknown;
}

/** What it needs of one. */
interface Scope {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer' },
    parse: (request: unknown, body: Uint8Array, done: (error: null, body: Uint8Array) => void) => void,
  ): unknown;
  post(
    path: string,
    options: { bodyLimit: number },
    handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): unknown;
}

/**
 * A plugin of Fastify with one route: `app.register(fastifyReceiver('/webhooks', options, handler))`.
 *
 * Fastify parses JSON before a handler sees it. The plugin switches that off for its own route alone: what is registered
 * inside a plugin holds there only.
 */
export function fastifyReceiver<Events extends object = Record<string, unknown>>(
  path: string,
  options: ReceiverOptions,
  handler: Handler<Events>,
): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    const scope = instance as Scope;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const limit = { bodyLimit: options.maxBytes ?? DEFAULT_MAX_BYTES };
    scope.post(path, limit, async (request, reply) => {
      const message = { headers: request.headers, body: (request.body ?? '') as ReceivedMessage['body'] };
      const { status, headers, body } = await receive(() => message, options, handler);
      reply.code(status);
      reply.headers(headers);
      return reply.send(body === '' ? undefined : body);
    });
  };
}
