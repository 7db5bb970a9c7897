import type { DialectDefinition } from '../dialects/declared/definition.ts';
import type { EgressRules } from '../domain/egress-rules.ts';

/** The names of the files in `lambdas/`, without their extension. */
export const LAMBDA_ENTRIES = [
  'endpoints',
  'poll',
  'ingest',
  'history',
  'account',
  'authorizer',
  'dispatch',
  'jobs',
  'sweep',
] as const;

export type LambdaEntry = (typeof LAMBDA_ENTRIES)[number];

/** By name; validated, with their defaults filled in. */
export type OwnDialects = Readonly<Record<string, DialectDefinition>>;

/**
 * What an operator decides, written into the functions' code: an environment variable would have room for 4 KB, and
 * nobody opens a network by editing a function's environment.
 */
export interface WrittenIn {
  egressRules: EgressRules;
  dialects: OwnDialects;
}
