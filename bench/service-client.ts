import http from 'node:http';
import type { MeasuredService } from './embedded-service.ts';

/** Calls the measured service over keep-alive connections, cheaply: the load shares the machine with it. */
export class ServiceClient {
  readonly #service: MeasuredService;
  readonly #agent: http.Agent;

  constructor(service: MeasuredService, connections: number) {
    this.#service = service;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws Error for any answer but 2xx */
  post(path: string, body: unknown, tenant = 'default'): Promise<void> {
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${this.#service.apiKey}`,
      'postrider-tenant': tenant,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const options = { method: 'POST', agent: this.#agent, headers };
    return new Promise((resolve, reject) => {
      const request = http.request(`${this.#service.url}${path}`, options, (response) => {
        const { statusCode = 500 } = response;
        let refusal = '';
        if (statusCode < 300) response.resume();
        else response.setEncoding('utf8').on('data', (part: string) => (refusal += part));
        response.on('end', () => {
          if (statusCode < 300) resolve();
          else reject(new Error(`${path} was answered ${statusCode}: ${refusal}`));
        });
      });
      request.on('error', reject).end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
