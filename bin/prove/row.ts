import type { Deployment } from './deployment.ts';

/** What a row found, with what it saw. */
export interface Outcome {
  result: 'pass' | 'fail' | 'skipped';
  detail: string;
}

/** A row of docs/unproven.md that a command can show. */
export interface Proof {
  /** Names it in `--only`; its file has the same. */
  name: string;
  /** The row's first cell, word for word. */
  claim: string;
  prove(deployment: Deployment): Promise<Outcome>;
}

/** A row that takes a person, or days. */
export interface ByHand {
  claim: string;
  why: string;
}

export type Row = Proof | ByHand;

export const pass = (detail: string): Outcome => ({ result: 'pass', detail });
export const fail = (detail: string): Outcome => ({ result: 'fail', detail });
export const skipped = (detail: string): Outcome => ({ result: 'skipped', detail });
/** @param seen what was seen, whether it shows the claim or not */
export const verdict = (holds: boolean, seen: string): Outcome => (holds ? pass(seen) : fail(seen));
