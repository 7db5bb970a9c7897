/** MiB of the functions that every event passes. */
export interface Memory {
  ingest: number;
  dispatch: number;
}

/** Both mostly wait, and waiting costs by the memory (docs/cost.md). */
export const DEFAULT_MEMORY: Readonly<Memory> = { ingest: 256, dispatch: 256 };

/** Ingest and dispatch take up to some 210 MiB with the heaviest input (docs/deploy.md, Memory). */
const LEAST = 256;
/** "Lambda quotas": memory. */
const MOST = 10_240;

/** @throws RangeError when one is not a whole number from 256 to 10,240 */
export function memoryOf(asked: Partial<Memory> = {}): Memory {
  const memory = { ...DEFAULT_MEMORY, ...asked };
  for (const [name, mib] of Object.entries(memory)) {
    if (Number.isInteger(mib) && mib >= LEAST && mib <= MOST) continue;
    throw new RangeError(`memory.${name} must be a whole number of MiB from ${LEAST} to ${MOST}, is ${mib}`);
  }
  return memory;
}
