import { Refusal } from '../refusal.ts';
import { filterOnData } from './outpost-filter.ts';
import type { Row } from './read-rows.ts';

// What a destination of Outpost has that is written otherwise here.

/** Outpost shows them as the text of a JSON object. */
export function headersOf(headers: unknown, place: string): unknown {
  if (typeof headers !== 'string') return headers;
  if (headers === '') return undefined;
  try {
    return JSON.parse(headers);
  } catch {
    // Not with the text, which may have a secret.
    throw new Refusal(`${place}: its \`custom_headers\` must be the text of one JSON object.`);
  }
}

/** While a rotation's old secret is still good there. */
export function previousSecretOf(credentials: Row | undefined, now: number): Row | undefined {
  const { previous_secret: secret, previous_secret_invalid_at: end } = credentials ?? {};
  if (typeof secret !== 'string' || typeof end !== 'string' || !(Date.parse(end) > now)) return undefined;
  return { signing_secret: secret, expires_at: end };
}

export function filterOf(filter: unknown, place: string): unknown {
  if (!filter || Object.keys(filter).length === 0) return undefined;
  const onData = filterOnData(filter);
  if (onData) return onData;
  throw new Refusal(`${place}: its filter asks for more than \`data\`, which can’t be imported. Rewrite it.`);
}
