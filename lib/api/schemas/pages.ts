import * as z from 'zod';
import { writtenNumber } from './written-number.ts';

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

/** The part of a query that every list has. */
export const pageQuery = {
  limit: writtenNumber(1, MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ description: 'How many rows at most.', examples: [50] }),
  cursor: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .meta({
      description: 'The `next_cursor` of the page before; leave it off for the first page.',
      examples: ['WyJxUjhfLTJrTCIsImVwXzAxIl0'],
    }),
};

/** The query of a list without filters. */
export const pageOnlyQuery = z.strictObject(pageQuery);

/** A list's answer. @param id its name in generated clients; the row must have an example */
export function pageOf<T extends z.ZodType>(id: string, row: T) {
  return z
    .object({
      data: z.array(row).meta({ description: 'The rows of this page.' }),
      next_cursor: z
        .string()
        .nullable()
        .meta({ description: 'Pass it as `cursor` for the next page; null on the last.' }),
    })
    .meta({
      id,
      description: 'One page of a list.',
      examples: [{ data: row.meta()?.['examples'] ?? [], next_cursor: null }],
    });
}
