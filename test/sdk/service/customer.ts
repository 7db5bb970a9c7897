import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from './checks.ts';

/** A customer's server for the checks. */
export interface Customer {
  url: string;
  stop(): Promise<void>;
}

/** How the first requests of a path that begins so are answered; all others with 200. */
const FIRST_ANSWERS: Readonly<Record<string, readonly ('hang up' | number)[]>> = {
  '/flaky': ['hang up', 500, 503],
  '/once': [500],
};

/**
 * Keeps what is posted to each path and shows it to a `GET` of the path. `/silent` never answers; `/flaky` and `/once`
 * fail first.
 */
export async function startCustomer(): Promise<Customer> {
  const arrivals = new Map<string, Arrival[]>();
  const server = createServer((request, response) => {
    serve(arrivals, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => stop(server),
  };
}

async function serve(
  arrivals: Map<string, Arrival[]>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { url: path = '', method, headers } = request;
  if (path.startsWith('/silent')) return;
  const seen = arrivals.get(path) ?? [];
  arrivals.set(path, seen);
  if (method === 'GET') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(seen));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  seen.push({ headers: headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
  const first = Object.entries(FIRST_ANSWERS).find(([begin]) => path.startsWith(begin))?.[1];
  const answer = first?.[seen.length - 1] ?? 200;
  if (answer === 'hang up') response.destroy();
  else response.writeHead(answer, { 'content-type': 'application/json' }).end('{"id":"evt_flaky","deliveries":0}');
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
