import type { Dialect } from '@postrider/sdk';
import { t } from '../../texts/index.ts';
import { span } from '../../texts/times.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm.retries;

/** The attempts of a schedule, with the time before each. */
export function Schedule({ delays }: { delays: readonly number[] }) {
  if (delays.length === 0) return null;
  return (
    <ol class="schedule field num" aria-label={words.label}>
      {delays.map((seconds, at) => (
        <li key={at}>
          <span>{span(seconds)}</span>
        </li>
      ))}
      <li />
    </ol>
  );
}

export function scheduleWords(delays: readonly number[]): string {
  if (delays.length === 0) return words.one;
  return words.words(delays.length + 1, span(delays.reduce((sum, seconds) => sum + seconds, 0)));
}

/** One preset of each schedule: several dialects have the same. @param chosen it is among them */
export function presetsOf(dialects: readonly Dialect[], chosen: string): Dialect[] {
  const bySchedule = new Map<string, Dialect>();
  for (const dialect of dialects) {
    const schedule = dialect.retry_delays.join();
    if (!bySchedule.has(schedule) || dialect.name === chosen) bySchedule.set(schedule, dialect);
  }
  return [...bySchedule.values()];
}

/** Those that the form has now; empty where they are not known, or are no numbers. */
export function delaysOf({ retry, delays, dialect }: FormValues, dialects: readonly Dialect[]): readonly number[] {
  if (retry !== 'custom') return dialects.find(({ name }) => name === (retry || dialect))?.retry_delays ?? [];
  const given = delays.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = given.map(Number);
  return numbers.every((one) => one > 0) ? numbers : [];
}
