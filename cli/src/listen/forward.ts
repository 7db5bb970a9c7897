import type { PolledDelivery } from '../../../sdk/src/api-types.ts';

/** What became of one delivery. */
export interface Forwarded {
  delivery: PolledDelivery;
  /** Milliseconds since 1970. */
  at: number;
  /** Undefined: it goes nowhere, and was only shown. */
  url: string | undefined;
  statusCode?: number;
  durationMs?: number;
  /** The beginning of what the receiver answered. */
  answer?: string;
  /** Why there was no answer. */
  error?: string;
}

interface Forwarding {
  fetch: typeof fetch;
  now(): number;
  timeoutMs: number;
  /** Ends the request; the delivery counts as not forwarded. */
  signal: AbortSignal;
}

const SHOWN_BYTES = 2000;
/** They belong to a connection, which `fetch` makes itself. */
const OWN_HEADERS = new Set(['host', 'content-length', 'connection', 'transfer-encoding']);

/**
 * Sends a receiver the request that Postrider would have sent: the same signed headers, the same bytes. Whatever it
 * answers is told, not thrown.
 * @throws the signal's reason
 */
export async function forward(
  delivery: PolledDelivery,
  url: string | undefined,
  { fetch: send, now, timeoutMs, signal }: Forwarding,
): Promise<Forwarded> {
  const at = now();
  if (url === undefined) return { delivery, at, url };
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(url, {
      method: 'POST',
      headers: Object.entries(delivery.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())),
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit]),
    });
    const answer = await beginningOf(response);
    return { delivery, at, url, statusCode: response.status, durationMs: now() - at, answer };
  } catch (error) {
    signal.throwIfAborted();
    const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
    return { delivery, at, url, durationMs: now() - at, error: why };
  }
}

/** A receiver may answer without an end: what is not shown is not read. */
async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= SHOWN_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, SHOWN_BYTES).toString('utf8');
}

/** The innermost cause says what happened; `fetch` itself says only that it failed. */
function reasonOf(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  if (!(at instanceof Error)) return String(at);
  return at.message || ((at as NodeJS.ErrnoException).code ?? at.name);
}
