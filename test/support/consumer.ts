import type { NewEndpoint } from '../../lib/pipeline/endpoints/new-endpoint.ts';
import { commit } from '../../lib/pipeline/polls/commit.ts';
import type { PolledDelivery, PollResult } from '../../lib/pipeline/polls/poll.ts';
import { pollWaiting } from '../../lib/pipeline/polls/wait.ts';
import { type Endpoint, POLL_URL } from '../../lib/domain/endpoint.ts';
import type { PollPosition } from '../../lib/domain/poll-position.ts';
import { positionAt } from '../../lib/domain/poll-position.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { TENANT, type World } from './world.ts';

export function pollEndpoint(world: World, input: Partial<NewEndpoint> = {}): Promise<Endpoint> {
  return world.endpoint({ kind: 'poll', url: POLL_URL, ...input });
}

export const DEFAULT_LOOK = { limit: 50, delayMs: 0, waitMs: 0 };

/** One that polls an endpoint and commits, with the ports of whichever process it asks. */
export class Consumer {
  readonly endpointId: string;
  readonly name: string;
  /** What it was given, in order. */
  readonly given: PolledDelivery[] = [];
  position: PollPosition | undefined;
  readonly #logTtlMs: number;

  constructor(world: World, { id }: Pick<Endpoint, 'id'>, name = 'consumer') {
    this.endpointId = id;
    this.name = name;
    this.#logTtlMs = world.settings.logTtlMs;
  }

  /** Goes on from its last poll; the first one begins where it has committed to. */
  async poll(ports: Ports, look: Partial<typeof DEFAULT_LOOK> = {}): Promise<PollResult> {
    const result = await pollWaiting(ports, TENANT, this.endpointId, {
      ...DEFAULT_LOOK,
      ...look,
      start: { cursor: this.position, consumer: this.name },
      logTtlMs: this.#logTtlMs,
    });
    this.position = result.position;
    this.given.push(...result.deliveries);
    return result;
  }

  async commit(ports: Ports, position = this.position): Promise<void> {
    await commit(ports, TENANT, this.endpointId, this.name, position ?? positionAt(ports.clock.now()));
  }

  eventIds(): string[] {
    return this.given.map(({ entry }) => entry.eventId);
  }
}
