import { type ReceivedMessage, readBody } from './message.ts';
import { DEFAULT_MAX_BYTES, type Handler, type ReceiverOptions, receive } from './receiver.ts';

/** What it needs of a request of Express, Connect or `node:http`. */
export interface NodeRequest extends AsyncIterable<Uint8Array | string> {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  readableEnded: boolean;
}

/** What it needs of their responses. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/**
 * A handler of Express (4 and 5), Connect and `node:http`.
 *
 * It reads the body itself where nothing has read it, and takes that of `express.raw()`, or a `rawBody` beside it. An
 * `express.json()` that runs before it leaves nothing to verify: register this route first, or the parser on the others
 * only. Until then the call fails with a `TypeError`, which Express answers with 500.
 */
export function expressHandler<Events extends object = Record<string, unknown>>(
  options: ReceiverOptions,
  handler: Handler<Events>,
): (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => Promise<void> {
  return async (request, response, next) => {
    try {
      const read = async () => ({ headers: request.headers, body: await bodyOf(request, options.maxBytes) });
      const { status, headers, body } = await receive(read, options, handler);
      response.statusCode = status;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.end(body);
    } catch (error) {
      if (!next) throw error;
      next(error);
    }
  };
}

/** @returns what can't be verified as it is: {@link receive} says so */
async function bodyOf(request: NodeRequest, maxBytes = DEFAULT_MAX_BYTES): Promise<ReceivedMessage['body']> {
  const { body, rawBody } = request as NodeRequest & Partial<Record<'body' | 'rawBody', ReceivedMessage['body']>>;
  const given = rawBody ?? body;
  const wasRead = given !== undefined || request.readableEnded;
  return wasRead ? (given as ReceivedMessage['body']) : readBody(request, maxBytes);
}
