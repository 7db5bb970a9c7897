import * as z from 'zod';

/** An instant in an answer: ISO 8601 in UTC with milliseconds. */
export const timestamp = z.iso.datetime({ precision: 3 }).meta({ examples: ['2026-02-06T12:00:00.000Z'] });

/** Writes a {@link timestamp}. @param ms since the Unix epoch; fractions are dropped */
export function asTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** @param ms since the Unix epoch; null when there is none */
export function asTimestampOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : asTimestamp(ms);
}

/** What four digits of a year can write in UTC: an offset may lead beyond. */
const [FIRST, LAST] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** An instant in a request; read as milliseconds since the Unix epoch. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time with a zone, such as 2026-02-06T12:00:00Z' })
  .transform((value) => Date.parse(value))
  .refine((ms) => ms >= FIRST && ms <= LAST, 'must be in the years 0000 to 9999 in UTC');

const AN_INSTANT = { examples: ['2026-02-06T12:00:00Z'] };

/** `since` and `until` of a list. */
export const timeRange = {
  since: instant.optional().meta({ description: 'Only what came at or after this time.', ...AN_INSTANT }),
  until: instant.optional().meta({ description: 'Only what came before this time.', ...AN_INSTANT }),
};

/** Of a body's range of times: nothing lies in an empty one. */
export function isRange({ since, until }: { since?: number | undefined; until?: number | undefined }): boolean {
  return since === undefined || until === undefined || since < until;
}
export const EMPTY_RANGE = { path: ['since'], error: 'must be before `until`' };
