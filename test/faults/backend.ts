import type { PipelineSettings } from '../../lib/pipeline/settings.ts';
import type { PortCall } from '../support/fault-injection.ts';
import type { World } from '../support/world.ts';

export interface OpenedWorld {
  world: World;
  close(): Promise<void>;
}

/** The stores that the tests of this folder run on. */
export interface Backend {
  /** A new, empty world. */
  open(settings?: Partial<PipelineSettings>): Promise<OpenedWorld>;
  /** The calls at which the process dies, once before and once after each. */
  crashPoints(calls: readonly PortCall[]): PortCall[];
  /** How long one test may take, in milliseconds. */
  timeoutMs: number;
}

/** Runs `work` in a new world, and closes it. */
export async function inWorld<T>(
  backend: Backend,
  settings: Partial<PipelineSettings> | undefined,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const { world, close } = await backend.open(settings);
  try {
    return await work(world);
  } finally {
    await close();
  }
}
