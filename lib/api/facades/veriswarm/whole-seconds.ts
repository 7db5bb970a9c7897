/** ISO 8601 in UTC with whole seconds. @param ms since the Unix epoch; fractions are dropped */
export function asSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** {@link asSeconds}, null when there is none. */
export function asSecondsOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : asSeconds(ms);
}
