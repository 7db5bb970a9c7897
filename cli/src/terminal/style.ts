import { styleText } from 'node:util';
import type { Output, Terminal } from './terminal.ts';

/** What a text means, so that its colour is said once. */
export type Meaning = 'good' | 'bad' | 'waiting' | 'faint' | 'strong';

const STYLES = { good: 'green', bad: 'red', waiting: 'yellow', faint: 'dim', strong: 'bold' } as const;

/** Colours a text, or leaves it as it is. */
export type Style = (meaning: Meaning, text: string) => string;

/** @param wanted false: `--no-color` */
export function styleFor(output: Output, env: Terminal['env'], wanted: boolean): Style {
  const isPlain = !wanted || output.isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  if (isPlain) return (_, text) => text;
  return (meaning, text) => styleText(STYLES[meaning], text, { validateStream: false });
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ...named('good', ['delivered', 'active', 'live', 'done', 'ok', 'accepted']),
  ...named('bad', ['exhausted', 'disabled', 'revoked', 'failed', 'FAILED', 'refused', 'ended', 'expired']),
  ...named('waiting', ['pending', 'retrying', 'held', 'parked', 'paused', 'running', 'waiting']),
  ...named('faint', ['abandoned', 'cancelled', 'skipped']),
};

function named(meaning: Meaning, statuses: readonly string[]): Record<string, Meaning> {
  return Object.fromEntries(statuses.map((status) => [status, meaning]));
}

/** A status in the colour of what it means. @param shown the status as it is written, with spaces after it perhaps */
export function statusText(style: Style, status: string, shown = status): string {
  const meaning = Object.hasOwn(MEANINGS, status) ? MEANINGS[status] : undefined;
  return meaning ? style(meaning, shown) : shown;
}
