import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartedProcess } from '../started-process.ts';

/** Enough for the service at work, and far too little for what these clients once made it hold. */
const HEAP_MIB = 192;

/** A service in a process of its own, with the connections that a test opens to it. */
export class Victim {
  readonly url: string;
  readonly port: number;
  readonly key: string;
  readonly #process: StartedProcess;
  readonly #folder: string;
  readonly #sockets: Socket[] = [];

  private constructor(process: StartedProcess, folder: string, facts: { url: string; port: number; api_key: string }) {
    this.#process = process;
    this.#folder = folder;
    this.url = facts.url;
    this.port = facts.port;
    this.key = facts.api_key;
  }

  static async start(): Promise<Victim> {
    const folder = mkdtempSync(join(tmpdir(), 'postrider-abuse-'));
    const args = ['--port', '0', '--data', join(folder, 'data'), '--no-demo', '--json'];
    const process = new StartedProcess(args, [`--max-old-space-size=${HEAP_MIB}`]);
    const [line] = await process.printed(/\{.*"service\.started".*\}/);
    return new Victim(process, folder, JSON.parse(line) as { url: string; port: number; api_key: string });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.#process.kill();
    rmSync(this.#folder, { recursive: true });
  }

  /** A raw connection; it reads nothing until it is told to. */
  async connect(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1').pause();
    socket.on('error', () => {});
    this.#sockets.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
    return socket;
  }

  /** The service answers somebody else. */
  async answers(): Promise<boolean> {
    const response = await fetch(`${this.url}/v1/health`, { headers: { connection: 'close' } });
    await response.body?.cancel();
    return response.status === 200;
  }

  /** Mebibytes that the process has in memory. Undefined where the system does not say. */
  residentMiB(): number | undefined {
    if (process.platform !== 'linux') return undefined;
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#process.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  }

  /** The most that it had at one of many looks while `work` runs, beyond what it had before. */
  async growthMiB(work: () => Promise<void>): Promise<number> {
    const before = this.residentMiB() ?? 0;
    let most = before;
    const watching = setInterval(() => (most = Math.max(most, this.residentMiB() ?? 0)), 20);
    try {
      await work();
    } finally {
      clearInterval(watching);
    }
    return most - before;
  }
}

/** All that comes until the other side closes the connection. */
export function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket
      .setEncoding('latin1')
      .on('data', (more: string) => (text += more))
      .resume();
    socket.once('close', () => resolve(text));
    if (socket.destroyed) resolve(text);
  });
}
