import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { ROOT } from '../support/source-files.ts';
import { LOOPBACK, type ReceiverPlace } from './backend.ts';
import { serveAt } from './receiver.ts';

/** A program of docs/receivers, as a customer runs it. */
export interface Program {
  name: string;
  command: string;
  args: readonly string[];
}

/** Is an interpreter on this machine? */
export function isThere(command: string, versionFlag = '--version'): boolean {
  return spawnSync(command, [versionFlag]).status === 0;
}

export function receiverFile(name: string): string {
  return join(ROOT, 'docs/receivers', name);
}

/** A request as it came to the customer, and what the program answered to it. */
export interface Checked {
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  status: number;
}

/**
 * A customer: a gate with a URL, and behind it a program that verifies each request over a socket of its own. The gate
 * records, and answers as told: first attempts can fail although the program has accepted them.
 */
export class CustomerProcess implements AsyncDisposable {
  readonly checked: Checked[] = [];
  readonly url: string;
  readonly #stop: () => Promise<unknown>;

  private constructor(origin: string, stop: () => Promise<unknown>) {
    this.#stop = stop;
    this.url = `${origin}/hooks?from=postrider`;
  }

  /**
   * @param environment for the program, once the gate's URL is known
   * @param answerOf the gate's answer to its n-th request, 1 for the first, when the program has answered `status`
   * @param place of the gate
   */
  static async start(
    program: Program,
    environment: (url: string) => Record<string, string>,
    answerOf: (nth: number, status: number) => number,
    place: ReceiverPlace = LOOPBACK,
  ): Promise<CustomerProcess> {
    const gate = await serveAt(place, async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const status = await customer.verify(request.headers, body);
      customer.checked.push({ headers: request.headers, body, status });
      response.writeHead(answerOf(customer.checked.length, status)).end();
    });
    let port = 0;
    const customer: CustomerProcess = new CustomerProcess(gate.origin, async () => {
      child.kill();
      await Promise.all([gate.stop(), once(child, 'exit')]);
    });
    customer.#port = () => port;
    const env = { ...process.env, PORT: '0', ...environment(customer.url) };
    const child = spawn(program.command, program.args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    port = await listeningPort(child.stdout);
    return customer;
  }

  #port: () => number = () => 0;

  /** Passes a request on to the program. */
  async verify(headers: http.IncomingHttpHeaders, body: Buffer): Promise<number> {
    const { connection: _, host: __, ...rest } = headers;
    const request = http.request({
      host: '127.0.0.1',
      port: this.#port(),
      method: 'POST',
      path: '/',
      headers: rest,
      agent: false,
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    return response.statusCode ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}

/** The program says where it listens in its first line; what it prints later is read and dropped. */
function listeningPort(stdout: NodeJS.ReadableStream): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let text = '';
  stdout.on('data', (chunk) => {
    text += String(chunk);
    const port = /listening on (\d+)/.exec(text)?.[1];
    if (port) resolve(Number(port));
  });
  stdout.on('end', () => reject(new Error(`The receiver did not start: ${text}`)));
  return promise;
}
