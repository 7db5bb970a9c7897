import type { Delivery } from '../../../sdk/src/api-types.ts';
import { Postrider } from '../../../sdk/src/postrider.ts';

const MINUTE_MS = 60_000;

/** A service with these deliveries, newest last, which counts what it is asked. */
export class DeliveringService {
  readonly deliveries: Delivery[] = [];
  readonly calls: string[] = [];
  /** What happens before a list is read. */
  beforeAnswer: (query: URLSearchParams) => void = () => {};

  client(): Postrider {
    const answer = async (input: unknown) => Response.json(this.#answer(new URL(String(input))));
    return new Postrider({ apiKey: 'prk_x', baseUrl: 'http://a.test', fetch: answer as typeof fetch });
  }

  /** One whose event was accepted now, or so many minutes ago. */
  add(change: Partial<Delivery> = {}, minutesAgo = 0): Delivery {
    const created_at = new Date(Date.now() - minutesAgo * MINUTE_MS).toISOString();
    const about = {
      event_type: 'a.b',
      status: 'pending',
      attempt_number: 0,
      next_retry_at: null,
      updated_at: created_at,
    };
    const one = { id: `del_${this.deliveries.length}`, ...about, created_at, ...change } as Delivery;
    this.deliveries.push(one);
    return one;
  }

  change(one: Delivery, change: Partial<Delivery>): void {
    this.deliveries[this.deliveries.findIndex(({ id }) => id === one.id)] = { ...one, ...change };
  }

  #answer({ pathname, searchParams: query }: URL): object {
    this.calls.push(pathname);
    if (pathname !== '/v1/deliveries')
      return { ...this.deliveries.find(({ id }) => pathname.endsWith(`/${id}`)), attempts: [] };
    this.beforeAnswer(query);
    const [limit, start] = [Number(query.get('limit')), Number(query.get('cursor') ?? 0)];
    const matching = this.deliveries.toReversed().filter((one) => isAnswerTo(query, one));
    const end = start + limit;
    return { data: matching.slice(start, end), next_cursor: end < matching.length ? String(end) : null };
  }
}

function isAnswerTo(query: URLSearchParams, one: Delivery): boolean {
  const [since, status] = [query.get('since'), query.get('status')];
  return (since === null || one.created_at >= since) && (status === null || one.status === status);
}
