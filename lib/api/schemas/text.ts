import * as z from 'zod';

/** Text that a caller gives: at most `max` UTF-16 code units, and valid Unicode, so that every store keeps it as it is. */
export function text(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed(), 'has half of a surrogate pair: send valid Unicode');
}
