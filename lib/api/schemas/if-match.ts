import * as z from 'zod';

const ETAG = '(?:W/)?"[^"]*"';

/** `If-Match`, read as a question about a generation. Weak ETags match nothing (RFC 9110, 13.1.1). */
const ifMatch = z
  .string()
  .max(1024)
  .regex(
    new RegExp(`^(?:\\*|${ETAG}(?:[ \\t]*,[ \\t]*${ETAG})*)$`),
    'must be an ETag such as "3", a list of them, or *',
  )
  .transform((header) => {
    const named = new Set(header.match(new RegExp(ETAG, 'g')));
    return (generation: number) => header === '*' || named.has(`"${generation}"`);
  })
  .meta({
    description: 'Does it only if the endpoint’s ETag is one of these, so that no change of another client is lost.',
    examples: ['"3"'],
  });

export const ifMatchHeaders = z.object({ 'if-match': ifMatch.optional() });

/** Does a call read an `If-Match`? */
export function takesIfMatch({ headers }: { headers?: z.ZodType }): boolean {
  return headers === ifMatchHeaders;
}
