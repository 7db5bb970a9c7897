import * as z from 'zod';
import { type DialectDefinition, dialectDefinition } from './declared/definition.ts';
import { DIALECT_NAMES } from './index.ts';

const MAX_DIALECTS = 20;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and hyphens, at most 32')
  .refine((text) => !(DIALECT_NAMES as readonly string[]).includes(text), 'is a dialect that comes with Postrider');

const ownDialects = z
  .record(name, dialectDefinition)
  .refine((all) => Object.keys(all).length <= MAX_DIALECTS, `must be at most ${MAX_DIALECTS} dialects`);

/** What is wrong with a deployment's own dialects: one line for each mistake, with its place. */
export class DialectError extends Error {
  override name = 'DialectError';
}

/**
 * A deployment's own dialects, by name, with their defaults filled in.
 * @param value as docs/dialects.md describes it
 * @throws DialectError
 */
export function readDialects(value: unknown): Record<string, DialectDefinition> {
  const result = ownDialects.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.flatMap(lineOf);
  throw new DialectError(`The dialects can't be used:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/** A name that is refused has its reasons inside. */
function lineOf(issue: z.core.$ZodIssue): string[] {
  const place = issue.path.join('.');
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${place}: the name ${message}`);
  return [place === '' ? issue.message : `${place}: ${issue.message}`];
}
