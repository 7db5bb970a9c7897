import { run } from '../../../cli/src/run.ts';
import { Interrupted } from '../../../cli/src/terminal/terminal.ts';
import { vi } from 'vitest';
import { type Options, fakeTerminal } from '../fake-terminal.ts';

/** A command that does not end by itself, such as `listen`, in this process. */
export class Running {
  readonly written: { stdout: string; stderr: string };
  /** What it ends with. */
  readonly code: Promise<number>;
  readonly #stdin;
  readonly #ended = new AbortController();

  constructor(args: readonly string[], options: Options = {}) {
    const { terminal, written, stdin } = fakeTerminal({ ...options, signal: this.#ended.signal });
    Object.assign(stdin, { setRawMode: () => stdin });
    this.written = written;
    this.#stdin = stdin;
    this.code = run(args, terminal);
  }

  /** Until it has written this to one of both. */
  async sees(text: string): Promise<void> {
    await vi.waitUntil(() => `${this.written.stderr}${this.written.stdout}`.includes(text), {
      timeout: 20_000,
      interval: 20,
    });
  }

  /** Somebody at the terminal presses a key. */
  press(key: string): void {
    this.#stdin.write(key);
  }

  /** Ctrl-C. */
  interrupt(): Promise<number> {
    this.#ended.abort(new Interrupted());
    return this.code;
  }
}
