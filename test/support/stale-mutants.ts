import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of the folders in which a bug is planted; the id of the process follows. */
export const MUTANT_PREFIX = 'postrider-mutant-';
const STALE_AFTER_MS = 24 * 3_600_000;

/**
 * Removes those that runs left behind which were killed: those whose process is gone, or that are a day old, because a
 * process id can be taken again.
 */
export function removeStaleMutants(folder: string, now: number): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(MUTANT_PREFIX))) {
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: now };
    const pid = /^(?<pid>\d+)-/.exec(name.slice(MUTANT_PREFIX.length))?.groups?.['pid'];
    const isOver = pid !== undefined && !isAlive(Number(pid));
    if (isOver || now - mtimeMs > STALE_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process is alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
