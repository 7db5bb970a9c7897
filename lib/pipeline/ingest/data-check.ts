import type { Schema } from '@cfworker/json-schema';
import { countParts, surveySchema } from '../../domain/data-schema.ts';

/** What is wrong with data, as JSON text: a sentence without its full stop; undefined: it matches. */
export type DataCheck = (data: string) => string | undefined;

/**
 * Comparing is interpreted, and each part of a schema may be compared with each value of the data: so much of it takes
 * less than a second (docs/event-types.md).
 */
const MAX_COMPARISONS = 2_000_000;
const MAX_ERROR = 300;

/**
 * The library is loaded for the first schema: most deployments have none.
 * @param schema JSON text that `refuseSchema` accepts
 */
export async function compileSchema(schema: string): Promise<DataCheck> {
  const parsed = JSON.parse(schema) as Schema;
  const survey = surveySchema(parsed);
  if ('problem' in survey) throw new Error(`A stored schema ${survey.problem}.`);
  const { Validator } = await import('@cfworker/json-schema');
  const validator = new Validator(parsed, '2020-12', true);
  return (data) => {
    const value = JSON.parse(data) as unknown;
    if (countParts(value) * survey.parts > MAX_COMPARISONS) return 'is too large to be compared with its schema';
    const { valid, errors } = validator.validate(value);
    const { instanceLocation = '#', error = '' } = errors.at(-1) ?? {};
    return valid ? undefined : `does not match its schema: \`${instanceLocation}\`: ${error}`.slice(0, MAX_ERROR);
  };
}
