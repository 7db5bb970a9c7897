/** ISO 8601 in UTC with milliseconds; null when there is none. */
export function instantOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : instant(ms);
}

/** @param ms since the Unix epoch; fractions are dropped */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}
