/** Memory in MiB of the functions that handle every event. */
export interface Memory {
  ingest: number;
  dispatch: number;
}

/** Both mostly wait, and Lambda bills waiting by memory (docs/cost.md). */
export const DEFAULT_MEMORY: Readonly<Memory> = { ingest: 256, dispatch: 256 };

/** Ingest and dispatch need up to about 210 MiB with the heaviest input (docs/deploy.md, Memory). */
const MIN_MIB = 256;
/** The limit of Lambda ("Lambda quotas"). */
const MAX_MIB = 10_240;

/** @throws RangeError when one is not a whole number from 256 to 10,240 */
export function memoryOf(requested: Partial<Memory> = {}): Memory {
  const memory = { ...DEFAULT_MEMORY, ...requested };
  for (const [name, mib] of Object.entries(memory)) {
    if (Number.isInteger(mib) && mib >= MIN_MIB && mib <= MAX_MIB) continue;
    throw new RangeError(`memory.${name} must be a whole number of MiB from ${MIN_MIB} to ${MAX_MIB}, is ${mib}`);
  }
  return memory;
}
