import { LANGUAGE, t } from './index.ts';

const SECOND = 1000;
const UNITS = [
  ['day', 86_400 * SECOND],
  ['hour', 3600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
] as const;

const relative = new Intl.RelativeTimeFormat(LANGUAGE, { style: 'short', numeric: 'always' });
const exact = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'long' });
const day = new Intl.DateTimeFormat(LANGUAGE, { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat(LANGUAGE, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

/** "12 min ago", "in 3 min". A second ago is "just now", a second from now "now". */
export function ago(at: number, now: number): string {
  const distance = at - now;
  const [unit, ms] = UNITS.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', SECOND];
  const count = Math.trunc(distance / ms);
  if (Math.abs(distance) >= 2 * SECOND) return relative.format(count, unit);
  // What has just happened may seem to be ahead by a second: the clock of the page goes by seconds.
  return distance > SECOND ? t.now : t.justNow;
}

/** With the time zone, for those who compare it with a log. */
export const exactTime = (at: number) => exact.format(at);

/** The time of today, the day of other days. */
export function shortTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
}

/** "84 ms", "10.0 s" */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Of a delay in seconds: "10 s", "5 min", "2 h", "1 d". */
export function span(seconds: number): string {
  const [count, unit] =
    seconds < 120
      ? [seconds, 's']
      : seconds < 7200
        ? [seconds / 60, 'min']
        : seconds < 172_800
          ? [seconds / 3600, 'h']
          : [seconds / 86_400, 'd'];
  return `${Number(count.toFixed(1))} ${unit}`;
}
