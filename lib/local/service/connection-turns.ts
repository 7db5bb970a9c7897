import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that may wait on a connection for the responses before theirs. Few clients pipeline, and none this many. */
export const MAX_WAITING = 16;

/**
 * Works on one request of a connection at a time. The next one starts when the response before it is on its way, so a
 * client that sends requests and reads no responses costs no more than one of them. A connection on which more than
 * `MAX_WAITING` requests wait is closed: Node's parser would go on making requests of what has arrived.
 */
export function takingTurns(listener: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, (() => void)[]>();

  function begin(line: (() => void)[], incoming: IncomingMessage, outgoing: ServerResponse): void {
    outgoing.once('close', () => {
      // Those that wait on a connection that is gone have nobody to answer.
      const next = incoming.socket.destroyed ? undefined : line.shift();
      if (next) next();
      else if (lines.get(incoming.socket) === line) lines.delete(incoming.socket);
    });
    void listener(incoming, outgoing as Parameters<RequestListener>[1]);
  }

  return (incoming, outgoing) => {
    const { socket } = incoming;
    if (socket.destroyed) return;
    const line = lines.get(socket);
    if (!line) {
      const empty: (() => void)[] = [];
      lines.set(socket, empty);
      begin(empty, incoming, outgoing);
    } else if (line.length < MAX_WAITING) line.push(() => begin(line, incoming, outgoing));
    else socket.destroy();
  };
}
