import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { sleep } from '../arrivals.ts';
import { MessageReader } from './message-reader.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const NUMBER = /"n":(\d+)/;
const RUN = /"run":(\d+)/;

/** Receives webhooks, answers each at once, and notes when each number first arrived at each path. */
export class LoadReceiver {
  /** By number and path, in milliseconds of `performance.now()`. */
  readonly at = new Map<string, number>();
  /** Arrivals of what had arrived before. */
  repeated = 0;
  #run = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer({ noDelay: true }, (socket) => {
    const reader = new MessageReader();
    this.#sockets.add(socket);
    socket.setEncoding('latin1').on('data', (text) => {
      let answers = '';
      for (const { head, body } of reader.read(String(text))) {
        this.#note(head.split(' ', 2)[1] ?? '', body);
        answers += ANSWER;
      }
      if (answers !== '') socket.write(answers, 'latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  });

  /** @returns its port, on 127.0.0.1 */
  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Forgets what has arrived, and counts what carries this number of a run only. */
  begin(run: number): void {
    this.#run = run;
    this.at.clear();
    this.repeated = 0;
  }

  /** Until so many have arrived, or nothing has for so many seconds. */
  async until(count: number, quietSeconds: number): Promise<void> {
    let [seen, since] = [this.at.size, performance.now()];
    while (this.at.size < count && performance.now() - since < quietSeconds * 1000) {
      await sleep(10);
      if (this.at.size !== seen) [seen, since] = [this.at.size, performance.now()];
    }
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #note(path: string, body: string): void {
    if (Number(RUN.exec(body)?.[1]) !== this.#run) return;
    const key = `${NUMBER.exec(body)?.[1]} ${path}`;
    if (this.at.has(key)) this.repeated += 1;
    else this.at.set(key, performance.now());
  }
}
