import type { Delivery } from '../../lib/domain/delivery.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { Event } from '../../lib/domain/event.ts';
import { type DeliveryKey, deliveryId } from '../../lib/domain/ids.ts';
import type { OperationalType } from '../../lib/domain/operational-event.ts';
import type { GatedProcess } from './gate.ts';

/** An event and one of its endpoints. */
export type Pair = Pick<DeliveryKey, 'eventId' | 'endpointId'>;

/** The id of its first delivery. */
export function pairId({ eventId, endpointId }: Pair): string {
  return deliveryId({ eventId, endpointId, ordinal: 0 });
}

/** A promise that was broken: its number in docs/delivery-states.md, and how. */
export interface Violation {
  invariant: number;
  what: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
}

/** A request that a customer received. */
export interface SeenRequest {
  /** The first delivery of its pair: customers see no other id. */
  deliveryId: string;
  endpointId: string;
  /** When the pipeline began it, which the record notes, and when the customer received it. */
  calledAt: number;
  receivedAt: number;
  statusCode?: number;
  answeredAt?: number;
  retryAfterSeconds?: number;
  /** A probe of an endpoint that the breaker has paused: it uses no attempt. */
  probe: boolean;
  /** The process that made it, and how many faults it had met by then. */
  by: { process: GatedProcess; faults: number } | undefined;
  /** The record has an attempt for it. */
  recorded: boolean;
}

/** One state of an endpoint; `by` names the call that made it, `maker` is the process. */
export interface EndpointVersion {
  at: number;
  by: string;
  maker: GatedProcess | undefined;
  /** When the caller got its answer. */
  answeredAt?: number;
  /** When its repair job had ended: ingest matches with it. */
  settledAt?: number;
  endpoint: Endpoint;
}

/** A record as it was written last. */
export interface Written {
  record: Delivery;
  writtenAt: number;
  /** Since when it has its status. */
  statusSince: number;
  /** Since when it waits for no brake any more, if it ever did. Its due time is older. */
  unbrakedAt?: number;
}

/** An accepted post: the answer that the poster got. */
export interface Acceptance {
  eventId: string;
  key?: string;
  askedAt: number;
  answeredAt: number;
  endpointIds?: readonly string[];
}

/** An alert as the log tells it. Times are milliseconds since the Unix epoch. */
export interface ToldAlert {
  jobId: string;
  endpointId: string;
  type: OperationalType;
  /** Of the event that was posted; undefined: no endpoint asks for it. */
  eventId: string | undefined;
  raisedAt: number;
  /** When it was told. */
  at: number;
}

/** Everything that happened, seen from outside the pipeline: the promises are judged by it. */
export class Evidence {
  violation: Violation | undefined;
  readonly records = new Map<string, Written>();
  readonly events = new Map<string, Event>();
  /** The endpoints that replays added to an event. */
  readonly added = new Map<string, Set<string>>();
  /** Pairs for which a person asked for a delivery: they may get more than one request. */
  readonly handled = new Set<string>();
  /** Events whose payload somebody has asked to delete, and when the first answer to that was. */
  readonly erasing = new Set<string>();
  readonly erasedAt = new Map<string, number>();
  /** Jobs whose start was answered. */
  readonly started: string[] = [];
  /** When the tenant's brake was set and released, alternately. */
  readonly brakes: { at: number; set: boolean }[] = [];
  readonly endpoints = new Map<string, EndpointVersion[]>();
  /** What was written for ingest to match with, also by calls that found their change made already. */
  readonly subscribed: { endpointId: string; generation: number; at: number }[] = [];
  readonly requests: SeenRequest[] = [];
  readonly accepted: Acceptance[] = [];
  /** Eventually consistent reads that returned an outdated record. */
  readonly staleReads: { deliveryId: string; at: number }[] = [];
  /** The epochs at which a delivery's message was moved from the exhausted queue back into retries. */
  readonly redriven = new Map<string, Set<number>>();
  readonly told: ToldAlert[] = [];
  /** Each time that a delivery has used all its attempts. */
  readonly exhausted: { record: Delivery; at: number }[] = [];
  /** Unreadable messages that were put into the queues. */
  garbage = 0;
  /** The messages of a queue could not be counted: an earlier count may have held. */
  uncounted = false;
  bugs = 0;

  /** Keeps the first violation; later ones may follow from it. */
  fail(invariant: number, what: string, at: number): void {
    this.violation ??= { invariant, what, at };
  }

  subscribing<Place extends { id: string; generation: number }>(place: Place, at: number): Place {
    this.subscribed.push({ endpointId: place.id, generation: place.generation, at });
    return place;
  }

  versionsOf(endpointId: string): readonly EndpointVersion[] {
    return this.endpoints.get(endpointId) ?? [];
  }

  isPolled(endpointId: string): boolean {
    return this.versionsOf(endpointId).at(-1)?.endpoint.kind === 'poll';
  }

  /** Is an event for an endpoint, since it was posted or since a replay? */
  isMeant({ eventId, endpointId }: Pair): boolean {
    return (
      this.events.get(eventId)?.endpointIds.includes(endpointId) || this.added.get(eventId)?.has(endpointId) || false
    );
  }

  /** First deliveries that an accepted post has promised to consumers, by their ids. */
  acceptedForPolls(): string[] {
    return this.accepted.flatMap(({ eventId }) =>
      (this.events.get(eventId)?.endpointIds ?? [])
        .filter((endpointId) => this.isPolled(endpointId))
        .map((endpointId) => pairId({ eventId, endpointId })),
    );
  }

  /** Records of all deliveries of the pair. */
  requestsOf(pair: Pair): SeenRequest[] {
    const id = pairId(pair);
    return this.requests.filter((request) => request.deliveryId === id);
  }

  /** The deliveries of a pair, by their ordinal. */
  recordsOf(pair: Pair): Delivery[] {
    return this.writesOf(pair).map(({ record }) => record);
  }

  /** A pair has no ordinal without the ones before it. */
  writesOf(pair: Pair): Written[] {
    const found: Written[] = [];
    for (let ordinal = 0; ; ordinal += 1) {
      const written = this.records.get(deliveryId({ ...pair, ordinal }));
      if (!written) return found;
      found.push(written);
    }
  }

  /** Was there a stale read of it since then? Each explains one request at most. */
  takeStaleRead(deliveryId: string, since: number): boolean {
    const index = this.staleReads.findIndex((read) => read.deliveryId === deliveryId && read.at >= since);
    if (index !== -1) this.staleReads.splice(index, 1);
    return index !== -1;
  }
}
