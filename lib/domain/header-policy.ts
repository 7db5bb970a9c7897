const MAX_HEADERS = 20;
const MAX_VALUE_LENGTH = 1024;
const MAX_NAME_LENGTH = 100;

/** What frames a request on its connection, or says how its body is coded: the sender's alone. */
const FRAMING = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'keep-alive',
  'expect',
  'content-encoding',
  'accept-encoding',
]);

/** A header that only the sender sets, whoever asks. */
export function framingHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return FRAMING.has(lower) || lower.startsWith('proxy-');
}

/** A header that a tenant may not set on an endpoint: the sender's, and what a signature or a dialect stands on. */
export function reservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    framingHeader(lower) || lower === 'content-type' || lower.startsWith('webhook-') || lower.startsWith('x-postrider-')
  );
}

/**
 * Checks the extra headers that a tenant gives an endpoint.
 *
 * @returns one sentence that says what to change; undefined when they can be used
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): string | undefined {
  const names = Object.keys(headers);
  if (names.length > MAX_HEADERS) return `Give at most ${MAX_HEADERS} headers.`;
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(name, value);
    if (problem !== undefined) return problem;
    if (seen.has(name.toLowerCase())) return `Give the header ${name} once; upper and lower case are the same.`;
    seen.add(name.toLowerCase());
  }
  return undefined;
}

function headerProblem(name: string, value: string): string | undefined {
  // A token (RFC 9110, 5.6.2).
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || name.length > MAX_NAME_LENGTH) {
    return `Name headers with at most ${MAX_NAME_LENGTH} letters, digits and hyphens.`;
  }
  if (reservedHeader(name)) return `Take the header ${name} out: it is set for you.`;
  if (value.length > MAX_VALUE_LENGTH) return `Shorten the header ${name} to at most 1,024 characters.`;
  // Outer spaces are not part of a value on the wire (RFC 9110, 5.5): the customer would see another one.
  if (!/^[\x20-\x7e]*$/.test(value) || value !== value.trim()) {
    return `Use printable ASCII in the header ${name}, without spaces around it.`;
  }
  return undefined;
}
