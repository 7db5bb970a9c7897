import * as z from 'zod';

export const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
  .meta({
    description:
      'The same key within 24 hours is the same event, endpoint, job or retry: repeat a call with it when no answer came.',
    examples: ['order-4711'],
  });

/** The headers of a call that makes something. */
export const keyedHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });

/** Does a call read an `Idempotency-Key`? */
export function takesKey({ headers }: { headers?: z.ZodType }): boolean {
  return headers === keyedHeaders;
}
