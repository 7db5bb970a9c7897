import type { IncomingMessage } from 'node:http';

/** What is read beyond the cap, and for how long, to be able to use the connection again. */
const DRAIN_BYTES = 64 * 1024;
const DRAIN_MS = 500;

/**
 * Reads the body of an answer up to a cap. Once the cap is reached there is nothing left to wait for: `done` is called,
 * and the rest is read away behind its back, within small bounds, so that the connection can serve again; a body
 * that is longer or slower than that loses its connection. A body that ends early, or stalls below the cap, never
 * calls `done`: the request's error or its deadline says what happened.
 */
export function readBody(answer: IncomingMessage, maxBytes: number, done: (body: Uint8Array) => void): void {
  const chunks: Buffer[] = [];
  let received = 0;
  let drain: NodeJS.Timeout | undefined;

  const finishAtCap = () => {
    if (received < maxBytes || drain) return;
    drain = setTimeout(() => answer.destroy(), DRAIN_MS);
    done(joined(chunks));
  };
  answer.on('data', (chunk: Buffer) => {
    if (received < maxBytes) chunks.push(chunk.subarray(0, maxBytes - received));
    received += chunk.length;
    finishAtCap();
    if (received > maxBytes + DRAIN_BYTES) answer.destroy();
  });
  answer.once('end', () => done(joined(chunks)));
  answer.once('close', () => clearTimeout(drain));
  finishAtCap();
}

function joined(chunks: readonly Buffer[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks));
}
