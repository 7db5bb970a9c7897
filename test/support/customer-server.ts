import http from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import net from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a customer's server saw of one request. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Counted from 1 in the order of the connections. */
  connection: number;
}

export interface Customer {
  port: number;
  url: string;
  requests: SeenRequest[];
  /** All connections so far, oldest first. */
  sockets: Socket[];
}

/** An HTTP server on 127.0.0.1 that is stopped when the test ends. It records each request, then calls `answer`. */
export async function startCustomer(answer: RequestListener): Promise<Customer> {
  const requests: SeenRequest[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const connection = sockets.indexOf(request.socket) + 1;
    requests.push({ method, path, headers, body: Buffer.concat(chunks).toString(), connection });
    answer(request, response);
  });
  const { port, sockets } = await listen(server, '127.0.0.1');
  return { port, url: `http://127.0.0.1:${port}/hook`, requests, sockets };
}

/**
 * A TCP server on which a test writes raw answers, stopped when the test ends. `onRequest` is called once for each
 * request of a connection (they are small: one chunk each).
 */
export async function startRawCustomer(
  onRequest: (socket: Socket, connection: number, request: number) => void,
  host = '127.0.0.1',
): Promise<Customer> {
  const requests: SeenRequest[] = [];
  const server = net.createServer((socket) => {
    let count = 0;
    const connection = sockets.length;
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      requests.push({ method: '', path: '', headers: {}, body: data.toString(), connection });
      onRequest(socket, connection, ++count);
    });
  });
  const { port, sockets } = await listen(server, host);
  return { port, url: `http://127.0.0.1:${port}/hook`, requests, sockets };
}

/** Starts any server, and destroys it and its connections when the test ends. */
export async function listen(server: Server, host: string): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  server.prependListener('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  onTestFinished(async () => {
    const stopped = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await stopped;
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

/** Resolves when the other side, or either, has closed the connection. */
export async function closed(socket: Socket | undefined): Promise<void> {
  if (!socket || socket.destroyed) return;
  await new Promise((resolve) => socket.once('close', resolve).resume());
}

/** A port of 127.0.0.1 where nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
