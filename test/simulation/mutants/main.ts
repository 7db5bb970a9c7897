import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { HISTORIES } from '../histories.ts';
import { MUTANTS } from './catalogue.ts';
import { readRecord, writeRecord } from './record.ts';
import type { Finding, Search } from './searcher.ts';

/** @throws InvalidArgumentError, which commander prints as one line */
function readWorkers(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 99.');
}

const program = new Command('mutants')
  .description(`Searches each planted bug in the histories 1 to ${HISTORIES}, and records the first that tells it.`)
  .option('--only <text>', 'the bugs whose names contain this; the record of the others stays', '')
  .option('--stale', 'keep what is recorded wherever that history still tells its bug')
  .option('--workers <n>', 'how many searches at once', readWorkers, availableParallelism())
  .parse();

const { only, stale, workers } = program.opts<{ only: string; stale?: true; workers: number }>();
const names = Object.values(MUTANTS).flatMap((group) => group.map(({ name }) => name));
const asked = names.filter((name) => name.includes(only));
if (asked.length === 0) program.error(`error: no planted bug has "${only}" in its name`);
const before = await readRecord();
const record: Record<string, number | undefined> = Object.fromEntries(names.map((name) => [name, before[name]]));

/**
 * Takes one name after another from the list that all searches share, until it is empty. Each finding is recorded at
 * once: a search that is broken off keeps what it has found.
 * @throws Error if the process that searches ends
 */
async function work(left: string[]): Promise<void> {
  const searcher = fork(join(import.meta.dirname, 'searcher.ts'));
  const ended = once(searcher, 'exit').then(() => Promise.reject(new Error('a search has failed')));
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const answered = once(searcher, 'message') as Promise<[Finding]>;
    searcher.send({ name, recorded: stale && record[name] } satisfies Search);
    const [finding] = await Promise.race([answered, ended]);
    recordFinding(name, finding);
  }
  ended.catch(() => undefined);
  searcher.disconnect();
}

function recordFinding(name: string, { seed, seconds }: Finding): void {
  record[name] = seed;
  writeRecord(record);
  console.log(`${seed === undefined ? 'not found' : `seed ${seed}`}, ${seconds.toFixed(1)} s: ${name}`);
}

const left = [...asked];
await Promise.all(Array.from({ length: Math.min(workers, asked.length) }, () => work(left)));

const found = asked.filter((name) => record[name] !== undefined);
console.log(`${found.length} of ${asked.length} planted bugs are found within ${HISTORIES} histories`);
process.exitCode = found.length === asked.length ? 0 : 1;
