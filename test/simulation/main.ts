import { Command } from 'commander';
import { LIB, loadEngine } from './engine.ts';
import { HISTORIES } from './histories.ts';
import { readCount } from './read-count.ts';
import { report } from './report.ts';
import { simulate } from './simulation.ts';

const program = new Command('simulate')
  .description('Plays random histories of faults against the promises of docs/delivery-states.md.')
  .option('--seed <n>', 'play this one history', readCount)
  .option('--from <n>', 'the first seed', readCount, 1)
  .option('--seeds <n>', 'how many', readCount, HISTORIES)
  .option('--failures <n>', 'stop after so many violations', readCount, 1)
  .option('--trace <n>', 'how many lines of a violation to show', readCount, 40)
  .option('--lib <folder>', 'the code to run', LIB)
  .parse();

interface Options {
  seed?: number;
  from: number;
  seeds: number;
  failures: number;
  trace: number;
  lib: string;
}

const { seed, from, seeds, failures, trace, lib } = program.opts<Options>();
const engine = await loadEngine(lib);
const first = seed ?? from;
const last = seed ?? from + seeds - 1;
const started = performance.now();
let broken = 0;
let steps = 0;
let played = 0;
for (let next = first; next <= last && broken < failures; next += 1) {
  const outcome = await simulate(next, engine, trace);
  steps += outcome.steps;
  played += 1;
  if (!outcome.violation) continue;
  broken += 1;
  console.log(`${report(outcome)}\n`);
}
const seconds = (performance.now() - started) / 1000;
const rate = Math.round(played / seconds);
console.log(
  `${played} seeds from ${first}: ${broken} violations; ${rate} seeds and ${Math.round(steps / seconds)} steps a second`,
);
process.exitCode = broken > 0 ? 1 : 0;
