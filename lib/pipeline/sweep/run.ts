import type { IsBraked } from '../../ports/brakes.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CheckPorts } from './check.ts';

export type SweepPorts = CheckPorts & Pick<Ports, 'due'>;

export interface SweepReport {
  /** Entries of the due index whose time had come. */
  due: number;
  resent: number;
  /** Entries that could not be moved on: sweep looks at them again later. */
  postponed: number;
}

interface Bounds {
  /** Milliseconds since the Unix epoch. */
  deadline: number;
  /** Entries that are read of a shard at once. */
  pageSize: number;
  /** What still stands at a check time before this one is not explained by a lagging index: milliseconds since the epoch. */
  settledBefore: number;
}

/** One run of sweep, as all its parts see it. */
export interface SweepRun extends Bounds {
  ports: SweepPorts;
  report: SweepReport;
  /** When the most overdue of the deliveries was due that waited for nothing, milliseconds since the Unix epoch. */
  oldestDueAt?: number;
  /** What ended parts of the run early. */
  faults: unknown[];
  /** The brakes, read once a run: that also ends a change of them that died half-way. */
  brakes(): Promise<IsBraked>;
}

export function beginRun(ports: SweepPorts, bounds: Bounds): SweepRun {
  const brakes = ports.brakes.standing();
  const report = { due: 0, resent: 0, postponed: 0 };
  const faults: unknown[] = [];
  brakes.catch((cause: unknown) => faults.push(cause));
  return { ...bounds, ports, report, faults, brakes: () => brakes };
}
