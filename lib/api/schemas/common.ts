import * as z from 'zod';

/** Text that a caller gives: at most `max` UTF-16 code units, and valid Unicode, so that every store keeps it as it is. */
export function text(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed(), 'has half of a surrogate pair: send valid Unicode');
}

/** An instant in an answer: ISO 8601 in UTC with milliseconds. */
export const timestamp = z.iso.datetime({ precision: 3 }).meta({ examples: ['2026-02-06T12:00:00.000Z'] });

/** An instant in a request; read as milliseconds since the Unix epoch. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time with a zone, such as 2026-02-06T12:00:00Z' })
  .transform((value) => Date.parse(value));

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

/** `since` and `until` of a list. */
export const timeRange = {
  since: instant.optional().meta({ description: 'Only what came at or after this time.' }),
  until: instant.optional().meta({ description: 'Only what came before this time.' }),
};

/** Of a body's range of times: nothing lies in an empty one. */
export function isRange({ since, until }: { since?: number | undefined; until?: number | undefined }): boolean {
  return since === undefined || until === undefined || since < until;
}
export const EMPTY_RANGE = { path: ['since'], error: 'must be before `until`' };

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

const ULID = '[0-9A-HJKMNP-TV-Z]{26}';

/** The `{id}` of a path. What has another shape can't be there, and is answered like an unknown id. */
export function idParam(prefix: 'ep' | 'evt' | 'job') {
  return z.strictObject({ id: z.string().regex(new RegExp(`^${prefix}_${ULID}$`)) });
}

export const deliveryIdParam = z.strictObject({ id: z.string().regex(new RegExp(`^del_${ULID}${ULID}[0-9]{1,6}$`)) });

export const endpointId = z
  .string()
  .regex(new RegExp(`^ep_${ULID}$`), 'must be the id of an endpoint, such as ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB');

const SEGMENTS = '[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*';
const MAX_TYPE_LENGTH = 128;

export const eventType = z
  .string()
  .max(MAX_TYPE_LENGTH)
  .regex(
    new RegExp(`^${SEGMENTS}$`),
    'must be segments of letters, digits, `_` and `-`, joined by single dots, such as task.completed',
  )
  .meta({ description: 'Dot-separated segments of letters, digits, `_` and `-`.', examples: ['task.completed'] });

export const eventPattern = z
  .string()
  .max(MAX_TYPE_LENGTH)
  .regex(
    new RegExp(`^(?:\\*|${SEGMENTS}(?:\\.\\*)?)$`),
    'must be an event type (task.completed), a prefix of types (task.*) or everything (*)',
  )
  .meta({ description: 'An event type, a prefix such as `task.*`, or `*` for everything.' });

/** The query of a list without filters. */
export const pageOnlyQuery = z.strictObject(pageQuery);
