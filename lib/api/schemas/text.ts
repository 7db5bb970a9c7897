import * as z from 'zod';

/** Text that a caller gives: at most `max` UTF-16 code units. The body it came in has been refused if it is not clean text. */
export function text(max: number): z.ZodString {
  return z.string().min(1).max(max);
}
