import * as z from 'zod';

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

/** The part of a query that every list has. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ description: 'How many rows at most.' }),
  cursor: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .meta({ description: 'The `next_cursor` of the page before; leave it off for the first page.' }),
};

/** The query of a list without filters. */
export const pageOnlyQuery = z.strictObject(pageQuery);

/** A list's answer. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({
    data: z.array(row),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Pass it as `cursor` for the next page; null on the last.' }),
  });
}
