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
  /** Called as soon as a request has come, with the id of its event. */
  onArrival: (eventId: string) => void = () => undefined;
  readonly url: string;
  readonly #served: ServedPlace;

  private constructor(served: ServedPlace) {
    this.#served = served;
    this.url = `${served.origin}/hook`;
  }

  static async start(answer: (nth: number) => number = () => 200, place = LOOPBACK): Promise<Receiver> {
    let receiver: Receiver | undefined;
    const served = await serveAt(place, async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string>;
      receiver?.arrivals.push({
        at: Date.now(),
        path: request.url ?? '',
        headers,
        body: Buffer.concat(chunks).toString(),
      });
      receiver?.onArrival(headers['webhook-id'] ?? '');
      await delay(receiver?.delayMs ?? 0);
      response.writeHead(answer(receiver?.of(headers['webhook-id'] ?? '').length ?? 0)).end('seen');
    });
    receiver = new Receiver(served);
    return receiver;
  }

  of(eventId: string): Arrival[] {
    return this.arrivals.filter(({ headers }) => headers['webhook-id'] === eventId);
  }

  stop(): Promise<void> {
    return this.#served.stop();
  }
}

interface ServedPlace {
  /** `https://host:port` */
  origin: string;
  /** Ends its connections, too. */
  stop(): Promise<void>;
}

/** A server where the backend's customers are, on a free port. */
export async function serveAt(
  { listenAt, address, tls }: ReceiverPlace,
  serve: http.RequestListener,
): Promise<ServedPlace> {
  const server = tls ? https.createServer(tls, serve) : http.createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, listenAt, resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `${tls ? 'https' : 'http'}://${address}:${port}`, stop };
}
