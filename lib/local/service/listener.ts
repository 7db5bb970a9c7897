import type { Server } from 'node:http';
import { type AddressInfo, type Server as Socket, createServer } from 'node:net';

/** An HTTP server that accepts requests. */
export interface Listener {
  /** `http://host:port` or `https://host:port`, without a slash at the end. */
  url: string;
  port: number;
  /** Accepts no more connections, lets the requests in flight end (at most 10 s), and closes idle connections. */
  close(): Promise<void>;
}

/** Something else listens on the address. */
export class PortInUseError extends Error {
  override name = 'PortInUseError';

  constructor(host: string, port: number, cause: unknown) {
    super(`Port ${port} of ${host} is in use: stop what listens there, or choose another port.`, { cause });
  }
}

const CLOSE_LIMIT_MS = 10_000;

/** @throws PortInUseError */
export async function listen(
  server: Server,
  host: string,
  port: number,
  scheme: 'http' | 'https' = 'http',
): Promise<Listener> {
  await bind(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `${scheme}://${name}:${bound}`, port: bound, close: closeOnce(server) };
}

/** Listens for a moment. @throws PortInUseError */
export async function expectFree(host: string, port: number): Promise<void> {
  const server = createServer();
  await bind(server, host, port);
  await new Promise((closed) => server.close(closed));
}

function bind(server: Socket, host: string, port: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(host, port, error) : error);
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
}

function closeOnce(server: Server): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => (closed ??= close(server));
}

function close(server: Server): Promise<void> {
  // A kept-alive connection becomes idle once its response is sent, and can be closed then.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const limit = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(limit);
      resolve();
    });
    server.closeIdleConnections();
  });
}
