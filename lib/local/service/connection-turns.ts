import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests that may wait on a connection for the responses before theirs. Few clients pipeline, and none this many. */
export const MAX_WAITING = 16;

export interface ConnectionTurns {
  listener: RequestListener;
  /**
   * Calls back when the requests that had arrived whole are answered, if the connection is still there; at once when there
   * are none. What follows them is not worked on.
   */
  afterWhole(connection: Duplex, callback: () => void): void;
}

interface Turn {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

interface Line {
  /** The one that is worked on. */
  turn: Turn;
  waiting: Turn[];
  /** What is to be done after them. */
  after?: () => void;
}

/**
 * Works on one request of a connection at a time. The next one starts when the response before it is on its way, so a
 * client that sends requests and reads no responses costs no more than one of them. A connection on which more than
 * `MAX_WAITING` requests wait is closed: Node's parser would go on making requests of what has arrived.
 */
export function takingTurns(listener: RequestListener): ConnectionTurns {
  const lines = new WeakMap<Duplex, Line>();

  function begin(line: Line): void {
    const { incoming, outgoing } = line.turn;
    outgoing.once('close', () => goOn(line));
    void listener(incoming, outgoing as Parameters<RequestListener>[1]);
  }

  function goOn(line: Line): void {
    const { socket } = line.turn.incoming;
    // Those that wait on a connection that is gone have nobody to answer.
    const next = socket.destroyed ? undefined : line.waiting.shift();
    if (next) {
      line.turn = next;
      begin(line);
      return;
    }
    if (lines.get(socket) === line) lines.delete(socket);
    if (!socket.destroyed) line.after?.();
  }

  return {
    listener(incoming, outgoing) {
      const { socket } = incoming;
      if (socket.destroyed) return;
      const line = lines.get(socket);
      const turn = { incoming, outgoing };
      if (!line) {
        const first: Line = { turn, waiting: [] };
        lines.set(socket, first);
        begin(first);
      } else if (line.waiting.length < MAX_WAITING) line.waiting.push(turn);
      else socket.destroy();
    },
    afterWhole(connection, callback) {
      const line = lines.get(connection);
      if (!line?.turn.incoming.complete) return callback();
      line.waiting = line.waiting.filter(({ incoming }) => incoming.complete);
      // Whatever else comes of it is broken too.
      line.after ??= callback;
    },
  };
}
