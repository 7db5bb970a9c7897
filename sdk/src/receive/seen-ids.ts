/**
 * Remembers which webhooks were handled, so that what comes twice is handled once. Over several processes it must be in a
 * store that they share: `begin` is then one conditional write, with a time after which a `running` one counts as failed.
 */
export interface SeenIds {
  /**
   * Claims an id, at once for all that ask: `new` for the one that is to handle it, which then says `done` or `failed`;
   * `running` while another handles it; `done` from then on.
   */
  begin(id: string): Promise<'new' | 'running' | 'done'> | 'new' | 'running' | 'done';
  done(id: string): Promise<void> | void;
  /** It was not handled: the next time it is `new` again. */
  failed(id: string): Promise<void> | void;
}

export interface MemoryOptions {
  /** How many ids to remember; the oldest are forgotten first. The default is 100,000. */
  max?: number;
  /** For how long, in seconds. The default is four days: longer than the retries of any dialect. */
  ttl?: number;
  /** Milliseconds since 1970: for tests. */
  now?: () => number;
}

const DEFAULT_MAX = 100_000;
const DEFAULT_TTL_SECONDS = 4 * 24 * 3600;

/**
 * For one process: it forgets everything when that ends. What comes while its first request is being handled waits for
 * that one's end, and is never `running`.
 */
export function seenInMemory({
  max = DEFAULT_MAX,
  ttl = DEFAULT_TTL_SECONDS,
  now = Date.now,
}: MemoryOptions = {}): SeenIds {
  /** Until when each is remembered; the first came first. */
  const handled = new Map<string, number>();
  /** Those that wait to hear how it ends. */
  const running = new Map<string, (() => void)[]>();
  const begin = async (id: string): Promise<'new' | 'done'> => {
    const waiting = running.get(id);
    if (waiting) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return begin(id);
    }
    if ((handled.get(id) ?? 0) > now()) return 'done';
    running.set(id, []);
    return 'new';
  };
  const end = (id: string) => {
    const waiting = running.get(id) ?? [];
    running.delete(id);
    for (const resume of waiting) resume();
  };
  return {
    begin,
    done(id) {
      handled.delete(id);
      handled.set(id, now() + ttl * 1000);
      const [oldest] = handled.keys();
      if (handled.size > max && oldest !== undefined) handled.delete(oldest);
      end(id);
    },
    failed: end,
  };
}

/**
 * Handles what an id names once.
 * @returns `running`: another is handling it, and may fail yet, so it must come again
 * @throws whatever the handler throws; the id is then new again
 */
export async function once(
  seen: SeenIds,
  id: string,
  handle: () => unknown,
): Promise<'handled' | 'duplicate' | 'running'> {
  const known = await seen.begin(id);
  if (known !== 'new') return known === 'done' ? 'duplicate' : 'running';
  try {
    await handle();
  } catch (error) {
    await seen.failed(id);
    throw error;
  }
  await seen.done(id);
  return 'handled';
}
