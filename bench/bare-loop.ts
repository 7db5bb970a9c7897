import { createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';

/**
 * The least that any sender does, for comparison: sign a body and post it over a keep-alive connection. No store, no queue,
 * no retry.
 */
export class BareLoop {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  readonly #key = randomBytes(32);
  readonly #url: URL;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  post(body: string): Promise<void> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', this.#key).update(`id.${timestamp}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    return new Promise((resolve, reject) => {
      const request = http.request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        response.resume().on('end', resolve).on('error', reject);
      });
      request.on('error', reject).end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
