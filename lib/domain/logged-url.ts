/** A URL without its query, its fragment and its user: they may hold secrets, and log lines are read by many. */
export function loggedUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : 'unreadable';
}
