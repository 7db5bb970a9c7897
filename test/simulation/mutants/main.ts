import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { HISTORIES } from '../histories.ts';
import { MUTANTS } from './catalogue.ts';
import { readRecord, writeRecord } from './record.ts';
import type { Finding } from './searcher.ts';

/** @throws InvalidArgumentError, which commander prints as one line */
function readWorkers(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 99.');
}

const program = new Command('mutants')
  .description(`Searches each planted bug in the histories 1 to ${HISTORIES}, and records the first that tells it.`)
  .option('--only <text>', 'the bugs whose names contain this; the record of the others stays', '')
  .option('--workers <n>', 'how many searches at once', readWorkers, availableParallelism())
  .parse();

const { only, workers } = program.opts<{ only: string; workers: number }>();
const names = Object.values(MUTANTS).flatMap((group) => group.map(({ name }) => name));
const asked = names.filter((name) => name.includes(only));
if (asked.length === 0) program.error(`error: no planted bug has "${only}" in its name`);

/**
 * Takes one name after another from the list that all searches share, until it is empty.
 * @throws Error if the process that searches ends
 */
async function work(left: string[], found: Map<string, number>): Promise<void> {
  const searcher = fork(join(import.meta.dirname, 'searcher.ts'));
  const ended = once(searcher, 'exit').then(() => Promise.reject(new Error('a search has failed')));
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const answered = once(searcher, 'message') as Promise<[Finding]>;
    searcher.send(name);
    const [{ seed, seconds }] = await Promise.race([answered, ended]);
    if (seed !== undefined) found.set(name, seed);
    console.log(`${seed === undefined ? 'not found' : `seed ${seed}`}, ${seconds.toFixed(1)} s: ${name}`);
  }
  ended.catch(() => undefined);
  searcher.disconnect();
}

const found = new Map<string, number>();
const left = [...asked];
await Promise.all(Array.from({ length: Math.min(workers, asked.length) }, () => work(left, found)));

const before = await readRecord();
const seedOf = (name: string) => (asked.includes(name) ? found.get(name) : before[name]);
await writeRecord(Object.fromEntries(names.flatMap((name) => [[name, seedOf(name)] as const]).filter(isFound)));
console.log(`${found.size} of ${asked.length} planted bugs are found within ${HISTORIES} histories`);
process.exitCode = found.size === asked.length ? 0 : 1;

function isFound(entry: readonly [string, number | undefined]): entry is [string, number] {
  return entry[1] !== undefined;
}
