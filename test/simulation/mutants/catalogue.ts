import { ALERT_MUTANTS } from './alerts.ts';
import { DELIVERY_MUTANTS } from './deliveries.ts';
import { ENDPOINT_MUTANTS } from './endpoints.ts';
import { ERASING_MUTANTS } from './erasing.ts';
import { FLIGHT_MUTANTS } from './flight.ts';
import { INGEST_MUTANTS } from './ingest.ts';
import { JOB_MUTANTS } from './jobs.ts';
import { KEYED_MUTANTS } from './keyed.ts';
import { MANUAL_MUTANTS } from './manual.ts';
import { MATCHING_MUTANTS } from './matching.ts';
import type { Mutant } from './mutant.ts';
import { POLL_MUTANTS } from './polls.ts';
import { ROTATION_MUTANTS } from './rotations.ts';
import { SERVICE_MUTANTS } from './service.ts';
import { SOURCE_MUTANTS } from './sources.ts';
import { SWEEP_MUTANTS } from './sweep.ts';

/** All planted bugs, by the group that they are tested in. */
export const MUTANTS = {
  alerts: ALERT_MUTANTS,
  deliveries: DELIVERY_MUTANTS,
  endpoints: ENDPOINT_MUTANTS,
  erasing: ERASING_MUTANTS,
  flight: FLIGHT_MUTANTS,
  ingest: INGEST_MUTANTS,
  jobs: JOB_MUTANTS,
  keyed: KEYED_MUTANTS,
  manual: MANUAL_MUTANTS,
  matching: MATCHING_MUTANTS,
  polls: POLL_MUTANTS,
  rotations: ROTATION_MUTANTS,
  service: SERVICE_MUTANTS,
  sources: SOURCE_MUTANTS,
  sweep: SWEEP_MUTANTS,
} as const satisfies Record<string, readonly Mutant[]>;

export type Group = keyof typeof MUTANTS;
