import type { PollConsumer } from '../../../lib/domain/poll-consumer.ts';
import type { PollPosition } from '../../../lib/domain/poll-position.ts';
import type { PollPlace } from '../../../lib/ports/poll-log.ts';

/** What is known of a consumer. Times are milliseconds since the Unix epoch. */
export interface ConsumerSeen {
  /** When it was added; undefined: not yet, or removed. */
  since: number | undefined;
  committedAt: number;
  /** What was written before is none of its. */
  skipUntil: number;
  /** Deliveries that it has worked, and those of them that it has committed. */
  readonly worked: Set<string>;
  readonly committed: Set<string>;
}

/** What somebody who commits a position has committed with it. */
type Covered = Pick<ConsumerSeen, 'skipUntil'> & { readonly committed: ReadonlySet<string> };

const NOTHING: Covered = { skipUntil: 0, committed: new Set() };

/** Knows the consumers of poll endpoints by what they have put, and what their positions stand for. */
export class SeenConsumers {
  readonly #consumers = new Map<string, Map<string, ConsumerSeen>>();
  readonly #covered = new WeakMap<PollPosition, Covered>();
  /**
   * Where the process of a consumer has begun last: a commit that comes after a removal adds it anew, at a position that
   * stands for this too.
   */
  readonly #begun = new Map<string, Covered>();

  get(endpointId: string, name: string): ConsumerSeen {
    const ofEndpoint = this.#consumers.get(endpointId) ?? new Map<string, ConsumerSeen>();
    this.#consumers.set(endpointId, ofEndpoint);
    const known = ofEndpoint.get(name) ?? {
      since: undefined,
      committedAt: 0,
      skipUntil: 0,
      worked: new Set(),
      committed: new Set(),
    };
    ofEndpoint.set(name, known);
    return known;
  }

  ofEndpoint(endpointId: string): [name: string, consumer: ConsumerSeen][] {
    return [...(this.#consumers.get(endpointId) ?? [])];
  }

  /** A consumer that begins at a position gets nothing from before. @returns the position */
  beginning(position: PollPosition, skipUntil: number): PollPosition {
    this.#covered.set(position, { ...NOTHING, skipUntil });
    return position;
  }

  /** A poll without a cursor has read where a consumer has come to: its process begins there. */
  read({ endpointId }: PollPlace, name: string, isThere: boolean): void {
    const { skipUntil, committed } = isThere ? this.get(endpointId, name) : NOTHING;
    this.#begun.set(`${endpointId} ${name}`, { skipUntil, committed: new Set(committed) });
  }

  /** A process of a consumer has worked all of this, after where it began, when it comes to a position. */
  reached({ endpointId }: Pick<PollPlace, 'endpointId'>, name: string, { position, worked }: Reached): void {
    const begun = this.#begun.get(`${endpointId} ${name}`) ?? NOTHING;
    this.#covered.set(position, { ...begun, committed: new Set([...begun.committed, ...worked]) });
  }

  put({ endpointId, name, position, committedAt }: PollConsumer, now: number): void {
    const consumer = this.get(endpointId, name);
    const { skipUntil, committed } = this.#covered.get(position) ?? NOTHING;
    consumer.since ??= now;
    consumer.committedAt = committedAt;
    consumer.skipUntil = Math.max(consumer.skipUntil, skipUntil);
    for (const id of committed) consumer.committed.add(id);
  }

  removed({ endpointId }: PollPlace, name: string): void {
    this.#consumers.get(endpointId)?.delete(name);
  }
}

interface Reached {
  position: PollPosition;
  worked: ReadonlySet<string>;
}
