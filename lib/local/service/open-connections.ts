import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Caps the connections of a server. Past the cap, the connection that has been without a request for the longest is
 * closed in favour of the new one: connections that somebody opens and leaves do not keep others out. Only when every
 * connection has a request that is being worked on, the new one is closed.
 *
 * @returns the listener to serve requests by, which knows what each connection is doing
 */
export function capConnections(server: Server, most: number, listener: RequestListener): RequestListener {
  /** By remote address and port, longest idle first. With TLS, requests come on another socket than connections. */
  const idle = new Map<string, Socket>();
  const open = new Map<string, Socket>();

  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket);
    open.set(name, socket);
    socket.once('close', () => {
      if (open.get(name) !== socket) return;
      open.delete(name);
      idle.delete(name);
    });
    if (open.size > most) (idle.values().next().value ?? socket).destroy();
    if (!socket.destroyed) idle.set(name, socket);
  });

  return (incoming, outgoing) => {
    const name = nameOf(incoming.socket);
    idle.delete(name);
    // Written, though perhaps not read: a client that reads nothing must not hold a place either.
    outgoing.once('prefinish', () => {
      const socket = open.get(name);
      if (socket) idle.set(name, socket);
    });
    return listener(incoming, outgoing);
  };
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}|${remotePort}`;
}
