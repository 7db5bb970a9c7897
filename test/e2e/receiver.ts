import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LOOPBACK, type ReceiverPlace } from './backend.ts';

export interface Arrival {
  at: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A customer's server: answers as told by the how-manieth request of an event it is (1 for the first). */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  /** How long an answer takes, milliseconds. */
  delayMs = 0;
  readonly url: string;
  readonly #server: http.Server;

  private constructor(server: http.Server, { address, tls }: ReceiverPlace) {
    this.#server = server;
    this.url = `${tls ? 'https' : 'http'}://${address}:${(server.address() as AddressInfo).port}/hook`;
  }

  static async start(answer: (nth: number) => number = () => 200, place = LOOPBACK): Promise<Receiver> {
    let receiver: Receiver | undefined;
    const serve: http.RequestListener = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string>;
      receiver?.arrivals.push({
        at: Date.now(),
        path: request.url ?? '',
        headers,
        body: Buffer.concat(chunks).toString(),
      });
      await delay(receiver?.delayMs ?? 0);
      response.writeHead(answer(receiver?.of(headers['webhook-id'] ?? '').length ?? 0)).end('seen');
    };
    const server = place.tls ? https.createServer(place.tls, serve) : http.createServer(serve);
    await new Promise<void>((resolve) => server.listen(0, place.listenAt, resolve));
    receiver = new Receiver(server, place);
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
