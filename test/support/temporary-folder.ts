import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStaleMutants } from './stale-mutants.ts';

let folder: string;

/** Gives the run a temporary folder of its own, which its workers and whatever they start inherit. */
export function setup(): void {
  removeStaleMutants(tmpdir(), Date.now());
  folder = mkdtempSync(join(tmpdir(), 'postrider-tests-'));
  process.env['TMPDIR'] = folder;
  // What one of them has compiled, of the AWS SDK for example, the others need not compile again.
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compile-cache');
}

/** Fails the run when a test has left something of Postrider's in the temporary folder; removes it all. */
export function teardown(): void {
  const left = readdirSync(folder).filter((name) => name.startsWith('postrider-'));
  rmSync(folder, { recursive: true, force: true });
  if (left.length > 0) throw new Error(`Tests left temporary folders behind: ${left.join(', ')}`);
}
