// Who may set which header of a request to a customer: the HTTP sender, a dialect, or the tenant.

const MAX_HEADERS = 20;
const MAX_VALUE_LENGTH = 1024;
const MAX_NAME_LENGTH = 100;

/** Headers that frame a request on its connection or say how its body is coded. */
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

/** Headers that every request may carry, whatever its dialect. */
const ALWAYS_RESERVED = ['content-type', 'x-postrider-*'];

/** Is it a header that only the HTTP sender sets? The sender drops it from any request that it is given. */
export function framingHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return FRAMING.has(lower) || lower.startsWith('proxy-');
}

/**
 * Is it a header that a tenant may not set on an endpoint?
 *
 * @param reserved what dialects set: lower-case names; `webhook-*` stands for all names that start with `webhook-`
 */
export function reservedHeader(name: string, reserved: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return framingHeader(lower) || [...ALWAYS_RESERVED, ...reserved].some((pattern) => nameMatches(pattern, lower));
}

function nameMatches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/**
 * Checks the extra headers that a tenant gives an endpoint.
 *
 * @param reserved see {@link reservedHeader}
 * @returns one sentence that says what to change; undefined when they can be used
 */
export function checkHeaders(
  headers: Readonly<Record<string, string>>,
  reserved: readonly string[],
): string | undefined {
  const names = Object.keys(headers);
  if (names.length > MAX_HEADERS) return `Give at most ${MAX_HEADERS} headers.`;
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(name, value, reserved);
    if (problem !== undefined) return problem;
    if (seen.has(name.toLowerCase())) return `Give the header ${name} once; upper and lower case are the same.`;
    seen.add(name.toLowerCase());
  }
  return undefined;
}

function headerProblem(name: string, value: string, reserved: readonly string[]): string | undefined {
  // A token (RFC 9110, 5.6.2).
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || name.length > MAX_NAME_LENGTH) {
    return `Name headers with at most ${MAX_NAME_LENGTH} letters, digits and hyphens.`;
  }
  if (reservedHeader(name, reserved)) return `Take the header ${name} out: it is set for you.`;
  if (value.length > MAX_VALUE_LENGTH) return `Shorten the header ${name} to at most 1,024 characters.`;
  // Spaces around a value are not part of it (RFC 9110, 5.5): the customer would receive another value.
  if (!/^[\x20-\x7e]*$/.test(value) || value !== value.trim()) {
    return `Use printable ASCII in the header ${name}, without spaces around it.`;
  }
  return undefined;
}
