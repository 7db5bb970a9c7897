import type { PolledDelivery } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { pause } from '../../../sdk/src/retries.ts';
import { type Patience, patiently } from './patience.ts';

/** As long as the service waits for a delivery, where it can. */
const WAIT_SECONDS = 20;
const LIMIT = 100;
/** After an answer with nothing in it that came at once. */
const PAUSE_MS = { active: 1000, paused: 5000, braked: 5000 } as const;
const IDLE_COMMIT_MS = 3_600_000;

export interface Place {
  endpointId: string;
  consumer: string;
  /** Where it begins, if it is new. */
  from: 'now' | 'oldest';
  /** Is anything given now? Told when it changes. */
  state(state: keyof typeof PAUSE_MS): void;
}

/**
 * What a consumer is given, answer by answer, until the loop is left. An answer is committed when the next one is asked
 * for. It remembers its place over a lost connection: what was given once is not given again.
 * @throws what the service refuses; its failure, when patience has ended; the signal's reason
 */
export async function* deliveriesOf(
  { polls }: Postrider,
  { endpointId, consumer, from, state: tell }: Place,
  patience: Patience,
): AsyncGenerator<PolledDelivery[], void, undefined> {
  const options = { signal: patience.signal, retries: 0 };
  let cursor = await patiently(patience, () => beginning({ polls }, endpointId, { name: consumer, from }, options));
  let committedAt = patience.now();
  let before: string = 'active';
  for (;;) {
    const askedAt = patience.now();
    const query = { cursor, wait: WAIT_SECONDS, limit: LIMIT };
    const { data, more, state, ...answer } = await patiently(patience, () => polls.poll(endpointId, query, options));
    if (state !== before) tell(state);
    before = state;
    if (data.length > 0) yield data;
    ({ cursor } = answer);
    if (data.length > 0 || patience.now() - committedAt > IDLE_COMMIT_MS) {
      await patiently(patience, () => polls.commit(endpointId, consumer, { cursor }, options));
      committedAt = patience.now();
    }
    const hasWaited = patience.now() - askedAt >= PAUSE_MS.active;
    if (data.length === 0 && !more && !hasWaited) await pause(PAUSE_MS[state], patience.signal);
  }
}

/** Where the consumer has come to; a new one is added first, so that deliveries wait for it. */
async function beginning(
  { polls }: Pick<Postrider, 'polls'>,
  endpointId: string,
  { name, from }: { name: string; from: 'now' | 'oldest' },
  options: { signal: AbortSignal; retries: number },
): Promise<string> {
  for await (const one of polls.consumers(endpointId, options)) if (one.name === name) return one.cursor;
  return (await polls.commit(endpointId, name, { from }, options)).cursor;
}
