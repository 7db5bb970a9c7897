import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

import { SendFailure } from './send-failure.ts';

/** Interim (1xx) responses before the final one. Servers send one or two. */
export const MAX_INTERIM = 10;
/** Reads from the socket. Responses that we keep a few KB of come in one or two. */
export const MAX_READS = 1000;
/** Bytes beyond those of the body that is kept: headers, the framing of chunks, and what is drained. */
export const MAX_OTHER_BYTES = 160 * 1024;

/**
 * The deadline bounds the time of an exchange; this bounds the work. A server that sends responses without end, or in
 * the smallest pieces, would otherwise take a processor from everybody else until its deadline.
 * @param onOver called once, when the connection has to be given up
 */
export function watchBudget(request: ClientRequest, bodyBytes: number, onOver: (failure: SendFailure) => void): void {
  let left = bodyBytes + MAX_OTHER_BYTES;
  let reads = 0;
  let interim = 0;
  let socket: Socket | undefined;
  const stop = () => socket?.off('data', onData);
  const over = (what: string) => {
    stop();
    onOver(new SendFailure('invalid_response', what));
  };
  function onData(bytes: Uint8Array): void {
    left -= bytes.byteLength;
    reads += 1;
    if (left < 0) over('the response has too many bytes around its body');
    else if (reads > MAX_READS) over('the response comes in too many pieces');
  }

  request.on('information', () => {
    interim += 1;
    if (interim === MAX_INTERIM + 1) over('too many interim responses');
  });
  request.once('socket', (its) => {
    socket = its.on('data', onData);
  });
  request.once('close', stop);
}
