import type { Readable, Writable } from 'node:stream';
import { EXIT_CODES } from '../errors/exit-codes.ts';

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
  /** Aborted by Ctrl-C, and when nobody reads the output any more. */
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

/** What ends a command from outside: Ctrl-C, `kill`, and a terminal that was closed. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** That of the process. However it is ended, a command can still clean up behind itself; the second time it can't. */
export function processTerminal(): Terminal {
  const ended = new AbortController();
  for (const signal of ENDING_SIGNALS) process.once(signal, () => ended.abort(new Interrupted()));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return ended.abort(new NobodyReads());
    process.stderr.write(`postrider: The answer can’t be written: ${error.message}.\n`);
    return process.exit(EXIT_CODES.failed.code);
  });
  // Where nobody reads them there is nobody to tell; a closed terminal fails to be read, too.
  for (const stream of [process.stderr, process.stdin]) stream.on('error', () => {});
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    folder: process.cwd(),
    now: Date.now,
    signal: ended.signal,
  };
}

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** Whoever read the output has ended, as `head` does. */
export class NobodyReads extends Error {
  override name = 'NobodyReads';
}
