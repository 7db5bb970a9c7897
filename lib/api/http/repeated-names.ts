/** Which parameters a query has more than once. @param query as it was sent, without its question mark */
export function repeatedNames(query: string): string[] {
  const names = new Set<string>();
  const repeated = new Set<string>();
  for (const name of new URLSearchParams(query).keys()) (names.has(name) ? repeated : names).add(name);
  return [...repeated];
}
