import { readBody } from './message.ts';
import { DEFAULT_MAX_BYTES, type Handler, type Reply, type ReceiverOptions, receive } from './receiver.ts';

/**
 * A handler of `Request` and `Response`: for Deno, Bun, workers, Next.js and whatever else speaks Fetch.
 *
 * It reads the body itself. Something that read it before it (`request.json()` in a middleware) leaves nothing to verify,
 * and the call fails with a `TypeError`.
 */
export function fetchHandler<Events extends object = Record<string, unknown>>(
  options: ReceiverOptions,
  handler: Handler<Events>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const read = async () => ({ headers: request.headers, body: await bodyOf(request, options.maxBytes) });
    return responseOf(await receive(read, options, handler));
  };
}

/** @throws TypeError when it was read before */
async function bodyOf(request: Request, maxBytes = DEFAULT_MAX_BYTES): Promise<Uint8Array> {
  if (request.bodyUsed) {
    throw new TypeError('The body was read before it was verified. Let nothing read the body of this request.');
  }
  return request.body === null ? new Uint8Array() : readBody(chunksOf(request.body), maxBytes);
}

/** Not every runtime's streams can be iterated. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

export function responseOf({ status, headers, body }: Reply): Response {
  return new Response(body === '' ? null : body, { status, headers });
}
