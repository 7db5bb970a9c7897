import * as z from 'zod';

export const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
  .meta({
    description:
      'The same key within 24 hours is the same event, endpoint or job: repeat a call with it when no answer came.',
  });

/** The headers of a call that makes something. */
export const keyedHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });
