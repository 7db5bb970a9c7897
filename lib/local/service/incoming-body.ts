import type { IncomingMessage } from 'node:http';
import { tooLarge } from '../../api/http/read-body.ts';
import { RequestError } from '../../domain/errors.ts';

/**
 * Reads a body that may not have been sent yet.
 * @param goOn tells a client that asked (`Expect: 100-continue`) to send it
 * @throws RequestError `too-large` as soon as the body is known to be too large; the rest is not kept
 */
export async function readIncomingBody(
  incoming: IncomingMessage,
  maxBytes: number,
  goOn?: () => void,
): Promise<Uint8Array> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (incoming.destroyed) throw incomplete();
  goOn?.();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      incoming.off('data', onData);
      reject(tooLarge(maxBytes));
    };
    incoming.on('data', onData);
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('close', () => {
      // A connection that is closed before a body was read ends without its `end`, even if all of it had come.
      if (!incoming.readableEnded) reject(incomplete());
    });
  });
}

function incomplete(): RequestError {
  return new RequestError('incomplete-body', 'The body ended early: send the request again.');
}
