import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Refusal } from '../refusal.ts';

/** The machine that the rows run on: its programs and its time. */
export interface Machine {
  /** @returns what a program prints. @throws Refusal with what it says, when it fails or is not there */
  run(program: string, args: readonly string[]): Promise<string>;
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** An answer of AWS's command line can have a thousand lines of a log. */
const MOST_BYTES = 64 * 1024 * 1024;

export const thisMachine: Machine = {
  async run(program, args) {
    try {
      return (await promisify(execFile)(program, args, { maxBuffer: MOST_BYTES })).stdout;
    } catch (error) {
      const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
      if (code === 'ENOENT') throw new Refusal(`${program} is not installed`);
      const said = (stderr?.trim() || stdout?.trim()) ?? String(error);
      throw new Refusal(`${program} ${args.slice(0, 2).join(' ')}: ${said.split('\n').at(-1)}`);
    }
  },
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
};
