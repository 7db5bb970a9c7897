import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a receiver responds on a path: after how many milliseconds, with which status. */
export interface PathBehaviour {
  delayMs?: number;
  /** Of so many requests, the delay is that of the last one only. Default 1. */
  every?: number;
  status?: number;
}

/** A receiver on loopback that notes when each numbered event (`"n":17` in its body) first arrived at a path. */
export class Arrivals {
  readonly at = new Map<number, number>();
  /** By path; any other path responds 200 at once. */
  readonly behaviour = new Map<string, PathBehaviour>();
  readonly #counts = new Map<string, number>();
  readonly #server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const { delayMs: delay = 0, every = 1, status = 200 } = this.behaviour.get(path) ?? {};
      const count = (this.#counts.get(path) ?? 0) + 1;
      this.#counts.set(path, count);
      const delayMs = count % every === 0 ? delay : 0;
      const n = Number(/"n":(\d+)/.exec(body)?.[1]);
      if (status === 200 && !this.at.has(n)) this.at.set(n, performance.now());
      response.statusCode = status;
      if (delayMs === 0) response.end();
      else setTimeout(() => response.end(), delayMs);
    });
  });

  /** @returns `http://127.0.0.1:port` */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async until(count: number, ms: number): Promise<void> {
    for (const end = performance.now() + ms; this.at.size < count && performance.now() < end;) await sleep(5);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
