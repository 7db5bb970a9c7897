import type { DialectDefinition } from '../dialects/declared/definition.ts';
import type { SourceField } from '../api/sources/source-fields.ts';
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
  'source',
] as const;

export type LambdaEntry = (typeof LAMBDA_ENTRIES)[number];

/** Functions of every deployment; `source` is there where there are sources. */
export type AlwaysThere = Exclude<LambdaEntry, 'source'>;

/** By name; validated, with their defaults filled in. */
export type OwnDialects = Readonly<Record<string, DialectDefinition>>;

/**
 * What an operator decides, written into the functions' code: an environment variable would have room for 4 KB, and
 * nobody opens a network by editing a function's environment.
 */
export interface WrittenIn {
  egressRules: EgressRules;
  dialects: OwnDialects;
  /** How the messages of each source become events, by its name; null: they are events. For the function `source` only. */
  sources?: Readonly<Record<string, readonly SourceField[] | null>>;
}
