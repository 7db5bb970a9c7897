import { PassThrough } from 'node:stream';
import { run } from '../../cli/src/run.ts';
import type { Output, Terminal } from '../../cli/src/terminal/terminal.ts';

export interface Options {
  /** Is a person there? */
  tty?: boolean;
  columns?: number;
  env?: Record<string, string>;
  /** What stands on stdin. */
  input?: string;
  /** At a terminal: the answer to each question. */
  typed?: readonly string[];
  folder?: string;
  now?: number;
  fetch?: typeof fetch;
  signal?: AbortSignal;
}

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** No profile and no key of whoever runs the tests. */
const NO_CONFIG = '/nowhere/profiles.json';

export function fakeTerminal(options: Options = {}) {
  const { tty = false, columns = 80, env = {}, input = '', folder = '/nowhere' } = options;
  const written = { stdout: '', stderr: '' };
  const answers = [...(options.typed ?? [])];
  const stdin = Object.assign(new PassThrough(), { isTTY: tty });
  // At a terminal nobody ends the input.
  if (!tty) stdin.end(input);
  const output = (name: keyof typeof written): Output => {
    const stream: Output = new PassThrough().on('data', (chunk) => {
      written[name] += String(chunk);
      if (/(: |\] )$/.test(String(chunk)) && answers.length > 0) stdin.write(`${answers.shift()}\n`);
    });
    return tty ? Object.assign(stream, { isTTY: true, columns }) : stream;
  };
  const terminal: Terminal = {
    stdin,
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: { POSTRIDER_CONFIG: NO_CONFIG, TERM: 'xterm', ...env },
    folder,
    now: () => options.now ?? Date.now(),
    signal: options.signal ?? new AbortController().signal,
    ...(options.fetch && { fetch: options.fetch }),
  };
  return { terminal, written, stdin };
}

/** Runs a command line in this process. */
export async function postrider(args: readonly string[], options: Options = {}): Promise<Result> {
  const { terminal, written } = fakeTerminal(options);
  const code = await run(args, terminal);
  // What was written goes through the streams' buffers.
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...written };
}

export interface Sent {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Headers;
  body: string | undefined;
}

export interface ScriptedAnswer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A service that gives the answers in their order, the last one again and again, and notes what it was asked. */
export function scripted(...answers: readonly ScriptedAnswer[]) {
  const sent: Sent[] = [];
  const answer: typeof fetch = async (input, init) => {
    const { pathname, searchParams } = new URL(String(input));
    const { method = 'GET', headers, body } = init ?? {};
    const query = Object.fromEntries(searchParams);
    sent.push({ method, path: pathname, query, headers: new Headers(headers), body: body as string | undefined });
    const { status = 200, body: told, headers: own = {} } = answers[Math.min(sent.length, answers.length) - 1] ?? {};
    return new Response(told === undefined ? null : JSON.stringify(told), { status, headers: own });
  };
  return { fetch: answer, sent };
}

/** A key and an address, for a scripted service. */
export const ACCESS = { POSTRIDER_API_KEY: 'prk_test', POSTRIDER_URL: 'https://postrider.test' };
