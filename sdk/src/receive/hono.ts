import { responseOf, fetchHandler } from './fetch.ts';
import { type Handler, type ReceiverOptions, receive } from './receiver.ts';

/** What it needs of a context of Hono (4). */
export interface HonoContext {
  req: { raw: Request; arrayBuffer(): Promise<ArrayBuffer> };
}

/**
 * A handler of Hono: `app.post('/webhooks', honoHandler(options, handler))`.
 *
 * A middleware that has asked Hono for the body (`c.req.json()`) does no harm: Hono keeps its text. One that has read
 * `c.req.raw` leaves nothing to verify, and the call fails with a `TypeError`.
 */
export function honoHandler<Events extends object = Record<string, unknown>>(
  options: ReceiverOptions,
  handler: Handler<Events>,
): (context: HonoContext) => Promise<Response> {
  const handleUnread = fetchHandler(options, handler);
  return async ({ req }) => {
    if (!req.raw.bodyUsed) return handleUnread(req.raw);
    const read = async () => ({ headers: req.raw.headers, body: await req.arrayBuffer() });
    return responseOf(await receive(read, options, handler));
  };
}
