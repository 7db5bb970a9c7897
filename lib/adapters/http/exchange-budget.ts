import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { SendFailure } from './send-failure.ts';

/** Interim (1xx) responses before the final one. Servers send one or two. */
export const MAX_INTERIM = 10;
/** Reads from the socket. Responses that we keep a few KB of come in one or two. */
export const MAX_READS = 1000;
/** Bytes before the body: headers, and those of interim responses. */
const MAX_HEAD_BYTES = 48 * 1024;
/** Bytes between and after the pieces of the body: the framing of chunks, and trailers. */
const MAX_FRAMING_BYTES = 8 * 1024;
/** What is parsed before the budget is looked at again: some twenty interim responses, or two hundred chunks. */
const SLICE_BYTES = 1024;

/**
 * The deadline bounds the time of an exchange; this bounds the work. A server that sends responses without end, or in
 * the smallest pieces, would otherwise take a processor from everybody else until its deadline.
 *
 * A read brings up to 64 KiB, and Node parses all of it, even when the request is destroyed meanwhile. So its parser is
 * given a slice at a time.
 * @param onOver called once, when the connection has been given up. What has arrived of a body is told first.
 */
export function watchBudget(request: ClientRequest, onOver: (failure: SendFailure) => void): void {
  const spent = { reads: 0, interim: 0, bytes: 0, body: 0, head: 0 };
  let response: IncomingMessage | undefined;
  let isOver = false;

  function watch(socket: Socket): void {
    const parse = socket.listeners('data').at(-1) as ((slice: Buffer) => void) | undefined;
    if (!parse) return;
    const over = (what: string) => {
      if (isOver) return;
      isOver = true;
      process.nextTick(onOver, new SendFailure('invalid_response', what));
      socket.destroy();
    };
    const onData = (read: Buffer) => {
      spent.reads += 1;
      if (spent.reads > MAX_READS) over('the response comes in too many pieces');
      for (let at = 0; at < read.length && !socket.destroyed; at += SLICE_BYTES) {
        // It is whole: what follows is nobody's, and Node's parser is gone.
        if (response?.complete) return void socket.destroy();
        const slice = read.subarray(at, at + SLICE_BYTES);
        spent.bytes += slice.length;
        parse.call(socket, slice);
        const other = spent.bytes - spent.head - spent.body - (response?.readableLength ?? 0);
        if (spent.interim > MAX_INTERIM) over('too many interim responses');
        else if (other > (response ? MAX_FRAMING_BYTES : MAX_HEAD_BYTES))
          over('the response has too many bytes around its body');
      }
    };
    socket.off('data', parse).on('data', onData);
    request.once('close', () => socket.off('data', onData));
  }

  request.on('information', () => (spent.interim += 1));
  request.once('response', (its) => {
    spent.head = spent.bytes;
    response = its.on('data', (chunk: Buffer) => (spent.body += chunk.length));
  });
  request.once('socket', watch);
}
