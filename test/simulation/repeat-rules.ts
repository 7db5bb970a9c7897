import { isFinal } from '../../lib/domain/delivery-state.ts';
import { acceptsEvents } from '../../lib/domain/endpoint.ts';
import type { Job } from '../../lib/domain/job.ts';
import { matches } from '../../lib/domain/subscription.ts';
import { type EndpointVersion, type Evidence, type Pair, type Written, pairId } from './evidence.ts';

/** Judges what bulk retries and replays have made when they are done. */
export class RepeatRules {
  readonly #seen: Evidence;
  readonly #lagMs: number;

  /** @param lagMs by how much the index of finished deliveries may lag */
  constructor(evidence: Evidence, lagMs: number) {
    this.#seen = evidence;
    this.#lagMs = lagMs;
  }

  /** 16: a job that is done has made a delivery of each pair that it was asked for. */
  ended(job: Job, now: number): void {
    const asked = job.kind === 'retry' ? this.#toRetry(job) : job.kind === 'replay' ? this.#toReplay(job) : [];
    for (const pair of asked) {
      const isMade = this.#seen.recordsOf(pair).some(({ jobId }) => jobId === job.id);
      if (!isMade) this.#seen.fail(16, `${job.id} is done, and has not repeated ${pairId(pair)}`, now);
    }
  }

  /** What had ended when the job was made, as far as the index showed it, and is the latest of its pair still. */
  #toRetry({ createdAt, endpointId, selection: { statuses = [] } = {} }: Job): Pair[] {
    return [...this.#seen.records.values()]
      .filter(({ record }) => (statuses as readonly string[]).includes(record.status))
      .filter(({ record }) => endpointId === undefined || record.endpointId === endpointId)
      .filter(({ statusSince }) => statusSince <= createdAt - this.#lagMs)
      .map(({ record }) => record)
      .filter((record) => this.#seen.recordsOf(record).at(-1)?.ordinal === record.ordinal)
      .filter((record) => this.#isSendable(record, createdAt));
  }

  /** The accepted events that the endpoints have subscribed to ever since the job was made. */
  #toReplay({ createdAt, endpointId, selection: { eventId, until = Infinity } = {} }: Job): Pair[] {
    const accepted = this.#seen.accepted.filter((one) => one.answeredAt < createdAt).map((one) => one.eventId);
    const before = accepted.filter((one) => (this.#seen.events.get(one)?.acceptedAt ?? Infinity) < until);
    const eventIds = new Set(eventId === undefined ? before : [eventId]);
    const endpointIds = endpointId === undefined ? [...this.#seen.endpoints.keys()] : [endpointId];
    const pairs = [...eventIds].flatMap((one) => endpointIds.map((other) => ({ eventId: one, endpointId: other })));
    return pairs.filter((pair) => this.#isOpen(pair, createdAt) && this.#isSubscribed(pair, createdAt));
  }

  /** Its latest delivery has ended, or it has none because it did not match. */
  #isOpen(pair: Pair, since: number): boolean {
    const latest = this.#seen.writesOf(pair).at(-1);
    return latest ? hasEnded(latest, since) : !this.#seen.isMeant(pair);
  }

  #isSubscribed(pair: Pair, since: number): boolean {
    const event = this.#seen.events.get(pair.eventId);
    const takes = ({ endpoint }: EndpointVersion) => event !== undefined && matches(endpoint, event);
    return this.#isSendable(pair, since) && this.#versionsSince(pair, since).every(takes);
  }

  /** Its payload is there, and its endpoint has accepted events all the time. */
  #isSendable(pair: Pair, since: number): boolean {
    const versions = this.#versionsSince(pair, since);
    const isOpen = versions.length > 0 && versions.every(({ endpoint }) => acceptsEvents(endpoint));
    return isOpen && !this.#seen.erasing.has(pair.eventId);
  }

  /** As it was then, and each change since; none if it was not there yet. */
  #versionsSince({ endpointId }: Pair, since: number): readonly EndpointVersion[] {
    const versions = this.#seen.versionsOf(endpointId);
    const first = versions.findLastIndex(({ at }) => at <= since);
    return first === -1 ? [] : versions.slice(first);
  }
}

function hasEnded({ record, statusSince }: Written, since: number): boolean {
  return isFinal(record.status) && statusSince <= since;
}
