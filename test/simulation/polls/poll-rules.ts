import type { Delivery } from '../../../lib/domain/delivery.ts';
import { deliveryId, parseDeliveryId } from '../../../lib/domain/ids.ts';
import type { PollEntry } from '../../../lib/domain/poll-entry.ts';
import { TENANT } from '../api-calls.ts';
import type { EndpointVersion, Evidence } from '../evidence.ts';
import { type ConsumerSeen, SeenConsumers } from './seen-consumers.ts';

const SECOND = 1000;
const DAY = 24 * 3_600_000;
const IDLE = 7 * DAY;
const KEPT = 14 * DAY;
/** Who settles has read the consumers this long before at most: a function's timeout, and a write that is on its way. */
const READING = 75 * SECOND;
/** The longest time until a replica shows a write. */
const REPLICA = 10 * SECOND;

type Fail = (invariant: number, what: string) => void;

/** Judges what consumers of poll endpoints are given, and when their deliveries end. */
export class PollRules {
  readonly consumers = new SeenConsumers();
  /** A delivery of this endpoint has expired. */
  onExpired: (endpointId: string) => void = () => {};
  readonly #seen: Evidence;
  /** When each delivery was written for the consumers. */
  readonly #written = new Map<string, number[]>();
  readonly #lastWritten = new Map<string, number>();

  constructor(evidence: Evidence) {
    this.#seen = evidence;
  }

  entriesWritten(entries: readonly PollEntry[], now: number): void {
    for (const entry of entries) {
      const id = deliveryId(entry);
      this.#written.set(id, [...(this.#written.get(id) ?? []), entry.writtenAt]);
      this.#lastWritten.set(entry.endpointId, now);
    }
  }

  isWritten(record: Delivery): boolean {
    return this.#written.has(deliveryId(record));
  }

  /** When an entry of it was added last. */
  lastWritten(endpointId: string): number {
    return this.#lastWritten.get(endpointId) ?? 0;
  }

  /** The deliveries of an endpoint that were written for its consumers, and when each was. */
  writtenFor(endpointId: string): [id: string, writtenAt: readonly number[]][] {
    return [...this.#written].filter(([id]) => endpointOf(id) === endpointId);
  }

  /** 21: a delivery is delivered once every consumer that counts has committed it, and not before. */
  delivered(record: Delivery, now: number): void {
    const id = deliveryId(record);
    const fail = (what: string) => this.#seen.fail(21, `${id}: ${what}`, now);
    const written = this.#written.get(id) ?? [];
    if (written.length === 0) fail('delivered, and never written for its consumers');
    const consumers = this.consumers.ofEndpoint(record.endpointId);
    if (!consumers.some(([, one]) => one.committed.has(id) || isSkipped(one, written)))
      fail('delivered, and no consumer has committed it');
    for (const [name, one] of consumers) {
      const counts = one.since !== undefined && one.since < now - READING && now - one.committedAt < IDLE - READING;
      if (counts && !one.committed.has(id) && !isSkipped(one, written)) fail(`delivered before ${name} committed it`);
    }
  }

  /**
   * 10: what nobody was given for 14 days has not expired: neither what was made since, nor what is held since, unless it
   * had been written for the consumers before.
   */
  expired(before: Delivery | undefined, after: Delivery, now: number): void {
    const id = deliveryId(after);
    const { heldAt } = before ?? {};
    const since = heldAt === undefined ? after.createdAt : Math.min(heldAt, ...(this.#written.get(id) ?? []));
    if (now - since < KEPT) this.#seen.fail(10, `${id}: expired before its 14 days`, now);
    this.onExpired(after.endpointId);
  }

  /**
   * 8, 13, 19, 21: nothing is given of what must not be sent.
   * @param askedAt when the poll was asked for: it acts on what it reads after that
   */
  given(entry: PollEntry, askedAt: number, now: number): void {
    const id = deliveryId(entry);
    const fail = (invariant: number, what: string) => this.#seen.fail(invariant, `${id}: ${what}`, now);
    if (!this.#seen.isMeant(entry)) fail(21, 'given to consumers of an endpoint that it is not for');
    const versions = this.#seen.versionsOf(entry.endpointId);
    const shutAt = versions[versions.findLastIndex(({ endpoint }) => endpoint.status === 'active') + 1]?.at;
    if (shutAt !== undefined && shutAt < askedAt) fail(8, `given ${now - shutAt} ms after its endpoint was shut`);
    const brake = this.#seen.brakes.at(-1);
    if (brake?.set && brake.at < askedAt) fail(13, `given ${now - brake.at} ms after the brake was set`);
    this.#judgeGivenUp(entry, versions, askedAt, fail);
    const erasedAt = this.#seen.erasedAt.get(entry.eventId) ?? Number.POSITIVE_INFINITY;
    if (erasedAt < askedAt - REPLICA) fail(19, `given ${now - erasedAt} ms after its payload was deleted`);
  }

  /** 21: what was abandoned, or is older than a disable and will be. */
  #judgeGivenUp(entry: PollEntry, versions: readonly EndpointVersion[], askedAt: number, fail: Fail): void {
    const { record, statusSince = 0 } = this.#seen.records.get(deliveryId(entry)) ?? {};
    if (record?.status === 'abandoned' && statusSince < askedAt - REPLICA) fail(21, 'given after it was abandoned');
    const made = record?.createdAt ?? this.#seen.events.get(entry.eventId)?.acceptedAt ?? 0;
    const isOld = versions.some(({ at, endpoint }) => at < askedAt && made < (endpoint.abandonBefore ?? 0));
    if (isOld) fail(21, 'given, and it is older than the last disable');
  }

  /** 21: who came, and polled to the end, has worked all that was written for it and could be given. */
  judgeWorked(endpointId: string, name: string, now: number): void {
    const consumer = this.consumers.get(endpointId, name);
    if (consumer.since === undefined) return;
    for (const [id, written] of this.writtenFor(endpointId)) {
      if (consumer.worked.has(id) || isSkipped(consumer, written) || this.#isGivenUp(id)) continue;
      this.#seen.fail(21, `${id} was never given to ${name}`, now);
    }
  }

  /**
   * 21: has a consumer missed what is no longer given? It is told so for as long as it is known: who has committed nothing
   * while the log forgets comes as a new one.
   */
  hasMissed(endpointId: string, name: string, { now, logTtlMs }: { now: number; logTtlMs: number }): boolean {
    const { since, committedAt } = this.consumers.get(endpointId, name);
    if (since === undefined || committedAt <= now - logTtlMs) return false;
    return this.#missedBy(endpointId, name).some((at) => at < now - KEPT);
  }

  /** What was written for a consumer, and what it has not committed. */
  #missedBy(endpointId: string, name: string): number[] {
    const consumer = this.consumers.get(endpointId, name);
    return this.writtenFor(endpointId)
      .filter(([id, written]) => !consumer.committed.has(id) && !isSkipped(consumer, written))
      .filter(([id]) => !this.#isGivenUp(id) || this.#seen.records.get(id)?.record.statusReason === 'expired')
      .map(([, written]) => Math.max(...written));
  }

  /** Also what was delivered before: a disable shuts it for consumers that come later. */
  #isGivenUp(id: string): boolean {
    const { eventId = '', endpointId = '' } = parseDeliveryId(id, TENANT) ?? {};
    const { status, createdAt = this.#seen.events.get(eventId)?.acceptedAt ?? 0 } =
      this.#seen.records.get(id)?.record ?? {};
    const isShut = this.#seen.versionsOf(endpointId).some((one) => createdAt < (one.endpoint.abandonBefore ?? 0));
    return isShut || status === 'abandoned' || this.#seen.erasing.has(eventId);
  }

  /**
   * 5: when nothing is left to do, nothing waits; and nothing has expired that a consumer has committed, while there was
   * one that counts.
   */
  judgeEnds(isActive: (endpointId: string) => boolean, now: number): void {
    for (const [id, { record, statusSince }] of this.#seen.records) {
      if (!this.#seen.isPolled(record.endpointId)) continue;
      const consumers = this.consumers.ofEndpoint(record.endpointId).map(([, one]) => one);
      const isLeft = consumers.some(({ committedAt }) => statusSince - committedAt < IDLE - READING);
      const isDone = isLeft && consumers.some(({ committed }) => committed.has(id));
      if (record.statusReason === 'expired' && isDone && isActive(record.endpointId))
        this.#seen.fail(21, `${id} expired, and a consumer has committed it`, now);
    }
    for (const id of this.unended()) this.#seen.fail(5, `${id} waits for consumers without end`, now);
  }

  /** Deliveries that were written for consumers, or accepted, and have not ended. */
  unended(): string[] {
    const open = [...this.#written.keys(), ...this.#seen.acceptedForPolls()].filter((id) => {
      const status = this.#seen.records.get(id)?.record.status;
      return status !== 'delivered' && status !== 'abandoned';
    });
    return open.filter((id) => this.#seen.isPolled(endpointOf(id)));
  }
}

/** What is written twice counts as committed by who begins between the two. */
function isSkipped({ skipUntil }: ConsumerSeen, written: readonly number[]): boolean {
  return written.some((at) => at < skipUntil);
}

function endpointOf(id: string): string {
  return parseDeliveryId(id, TENANT)?.endpointId ?? '';
}
