import type { Readable, Writable } from 'node:stream';

export type Input = Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown };
export type Output = Writable & { isTTY?: boolean; columns?: number };

/** Where a command runs: everything that it has of the process, so that a test can give it another. */
export interface Terminal {
  stdin: Input;
  stdout: Output;
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
  /** The folder that it was started in. */
  folder: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
}

/** Can a person be asked? Questions go to stderr, so that stdout can be a file. */
export function isInteractive({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** All of stdin, as bytes. */
export async function readInput({ stdin }: Terminal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer | string));
  return Buffer.concat(chunks);
}

/** That of the process. A reader of its output that ends, such as `head`, ends it quietly. */
export function processTerminal(): Terminal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Interrupted()));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    folder: process.cwd(),
    now: Date.now,
    signal: interrupted.signal,
  };
}

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}
