import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  at: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A customer's server on loopback: answers as told by the how-manieth request of an event it is (1 for the first). */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  readonly url: string;
  readonly #server: http.Server;

  private constructor(server: http.Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  }

  static async start(answer: (nth: number) => number = () => 200): Promise<Receiver> {
    let receiver: Receiver | undefined;
    const server = http.createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string>;
      receiver?.arrivals.push({
        at: Date.now(),
        path: request.url ?? '',
        headers,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(answer(receiver?.of(headers['webhook-id'] ?? '').length ?? 0)).end('seen');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    receiver = new Receiver(server);
    return receiver;
  }

  of(eventId: string): Arrival[] {
    return this.arrivals.filter(({ headers }) => headers['webhook-id'] === eventId);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
