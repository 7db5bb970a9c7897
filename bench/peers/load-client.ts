import { type Socket, connect } from 'node:net';
import { MessageReader } from './message-reader.ts';

/** Where posts go, and what each carries besides its body. */
export interface Target {
  host: string;
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
}

interface Connection {
  socket: Socket;
  /** Settles the post that it carries. */
  settle: ((status: number) => void) | undefined;
  fail: ((error: Error) => void) | undefined;
}

/** Posts over keep-alive connections, one at a time on each, with as little work as possible. */
export class LoadClient {
  readonly #target: Target;
  readonly #head: string;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Socket>();

  constructor(target: Target) {
    this.#target = target;
    const headers = { host: `${target.host}:${target.port}`, 'content-type': 'application/json', ...target.headers };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#head = `POST ${target.path} HTTP/1.1\r\n${lines.join('')}content-length: `;
  }

  /** @param body ASCII @returns the status of the answer */
  post(body: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const connection = this.#idle.pop() ?? this.#open();
      connection.settle = resolve;
      connection.fail = reject;
      connection.socket.write(`${this.#head}${body.length}\r\n\r\n${body}`, 'latin1');
    });
  }

  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #open(): Connection {
    const socket = connect({ host: this.#target.host, port: this.#target.port, noDelay: true });
    const connection: Connection = { socket, settle: undefined, fail: undefined };
    const reader = new MessageReader();
    this.#all.add(socket);
    socket.setEncoding('latin1').on('data', (text) => {
      for (const { head } of reader.read(String(text))) {
        const { settle } = connection;
        connection.settle = undefined;
        this.#idle.push(connection);
        settle?.(Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)));
      }
    });
    socket.on('error', (error) => connection.fail?.(error));
    socket.on('close', () => {
      this.#all.delete(socket);
      const at = this.#idle.indexOf(connection);
      if (at >= 0) this.#idle.splice(at, 1);
      if (connection.settle) connection.fail?.(new Error('the connection was closed before the answer'));
    });
    return connection;
  }
}
