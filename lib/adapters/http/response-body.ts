import type { IncomingMessage } from 'node:http';

/** How much is read beyond the limit, and for how long, so that the connection can be reused. */
const DRAIN_BYTES = 64 * 1024;
const DRAIN_MS = 500;
const DRAIN_PIECES = 64;

/** Responses that have no body (RFC 9112, 6.3). What follows their headers is not theirs, and spoils nothing. */
const WITHOUT_BODY: ReadonlySet<number | undefined> = new Set([204, 304]);

/**
 * Reads the body of a response up to a limit. `done` is called as soon as the limit is reached or the body ends. The
 * rest of a longer body is then drained, within small bounds, so that the connection can be reused; a body that is
 * longer or slower than that, or in smaller pieces, loses its connection. A body that ends early, or stalls below the
 * limit, never calls `done`: the request's error or its deadline tells what happened.
 */
export function readBody(response: IncomingMessage, maxBytes: number, done: (body: Uint8Array) => void): void {
  const chunks: Buffer[] = [];
  let received = 0;
  let drained = 0;
  let drain: NodeJS.Timeout | undefined;

  const giveUp = () => {
    // What is buffered would otherwise still be told piece by piece.
    response.pause();
    response.destroy();
  };
  const finishAtLimit = () => {
    if (received < maxBytes || drain) return;
    drain = setTimeout(giveUp, DRAIN_MS);
    done(joined(chunks));
  };
  response.on('data', (chunk: Buffer) => {
    if (received < maxBytes) chunks.push(chunk.subarray(0, maxBytes - received));
    received += chunk.length;
    finishAtLimit();
    if (drain) drained += 1;
    if (received > maxBytes + DRAIN_BYTES || drained > DRAIN_PIECES) giveUp();
  });
  response.once('end', () => done(joined(chunks)));
  response.once('close', () => clearTimeout(drain));
  if (WITHOUT_BODY.has(response.statusCode)) done(joined(chunks));
  finishAtLimit();
}

function joined(chunks: readonly Buffer[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks));
}
