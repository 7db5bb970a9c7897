import { explain } from '../refusal.ts';
import { type Deployment, Skip } from './deployment.ts';
import { type Outcome, type Row, fail, skipped } from './row.ts';

export interface Proven extends Outcome {
  name: string | undefined;
  claim: string;
  seconds: number;
}

/** Runs the rows one after the other. What goes wrong in a row is its result, and stops no other. */
export async function runRows(
  rows: readonly Row[],
  deployment: Deployment,
  onRow: (proven: Proven) => void = () => undefined,
): Promise<Proven[]> {
  const all: Proven[] = [];
  for (const row of rows) {
    const start = deployment.machine.now();
    const outcome = await outcomeOf(row, deployment);
    const seconds = Math.round((deployment.machine.now() - start) / 1000);
    const proven = { name: 'name' in row ? row.name : undefined, claim: row.claim, seconds, ...outcome };
    onRow(proven);
    all.push(proven);
  }
  return all;
}

async function outcomeOf(row: Row, deployment: Deployment): Promise<Outcome> {
  if ('why' in row) return skipped(`by hand: ${row.why}`);
  try {
    return await row.prove(deployment);
  } catch (error) {
    return error instanceof Skip ? skipped(error.message) : fail(explain(error));
  }
}

/** A table to keep, in Markdown. */
export function tableOf(proven: readonly Proven[]): string {
  const cell = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  const lines = proven.map(({ claim, result, detail }) => `| ${result} | ${cell(claim)} | ${cell(detail)} |`);
  const count = (result: string) => proven.filter((one) => one.result === result).length;
  const sum = `${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`;
  return ['| result | claim | what was seen |', '| ------ | ----- | ------------- |', ...lines, '', sum, ''].join('\n');
}
