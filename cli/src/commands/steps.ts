import type { Context } from '../context.ts';
import { explained } from '../errors/explain.ts';
import { Failed } from '../errors/refusal.ts';
import { clean } from '../output/cells.ts';
import { json } from '../output/json.ts';
import { statusText } from '../terminal/style.ts';

interface Step {
  step: string;
  outcome: 'ok' | 'FAILED' | 'skipped';
  detail: string;
}

/** A check can't be made, and that is no failure: the message says why. */
export class Skipped extends Error {}

/** Runs one check after the other and writes a line for each. A failed one does not stop the others. */
export class Steps {
  readonly #context: Context;
  readonly #done: Step[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * @param step what it finds out goes into the line; without it, how long it took does
   * @returns its result; undefined when it failed
   */
  async run<T>(name: string, step: () => Promise<T>, detailOf?: (result: T) => string): Promise<T | undefined> {
    const start = performance.now();
    try {
      const result = await step();
      this.#write({
        step: name,
        outcome: 'ok',
        detail: detailOf?.(result) ?? `${Math.round(performance.now() - start)} ms`,
      });
      return result;
    } catch (error) {
      if (this.#context.terminal.signal.aborted) throw error;
      if (error instanceof Skipped) return this.skip(name, error.message);
      this.#write({ step: name, outcome: 'FAILED', detail: explained(error).line ?? String(error) });
      return undefined;
    }
  }

  skip(name: string, why: string): undefined {
    this.#write({ step: name, outcome: 'skipped', detail: why });
  }

  /** @throws Failed when a step failed */
  end(): void {
    const { terminal, flags } = this.#context;
    if (flags.output === 'json') terminal.stdout.write(`${json(this.#done, 2)}\n`);
    if (this.#done.some(({ outcome }) => outcome === 'FAILED')) throw new Failed();
  }

  #write(step: Step): void {
    this.#done.push(step);
    const { terminal, flags, style } = this.#context;
    const { step: name, outcome, detail } = step;
    if (flags.output === 'jsonl') terminal.stdout.write(`${json(step)}\n`);
    if (flags.output !== 'table') return;
    terminal.stdout.write(`${statusText(style, outcome, outcome.padEnd(8))} ${name} (${clean(detail)})\n`);
  }
}
