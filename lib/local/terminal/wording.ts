/** Text from outside must not control the terminal: control characters (C0, DEL, C1) become a dot. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}

/** The local time of day: `12:00:01`. */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Host and path only: a query may contain a password. */
export function shortUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}` : url;
}

const UNITS = [
  { name: 'd', ms: 24 * 3600 * 1000 },
  { name: 'h', ms: 3600 * 1000 },
  { name: 'min', ms: 60 * 1000 },
] as const;

/** A duration in the largest unit that fits: `5 s`, `5 min`, `2 h`. */
export function waitText(ms: number): string {
  for (const { name, ms: unit } of UNITS) {
    const count = Math.round(ms / unit);
    if (ms >= unit && count >= 1) return `${count} ${name}`;
  }
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}
