import type { Delivery } from '../../lib/domain/delivery.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { Event } from '../../lib/domain/event.ts';
import { type DeliveryKey, deliveryId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { Snapshot } from '../../lib/ports/dispatch-reader.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { MAX_DELAY_SECONDS } from '../../lib/ports/queue-rules.ts';
import type { OutgoingMessage, QueueName } from '../../lib/ports/queues.ts';
import { queuesApart } from '../support/queues-apart.ts';
import type { Dice } from './dice.ts';
import { EndpointRules } from './endpoint-rules.ts';
import type { Evidence } from './evidence.ts';
import { FlightRules } from './flight-rules.ts';
import type { GatedProcess } from './gate.ts';
import { LaggingIndexes } from './lagging-indexes.ts';
import { LaggingReplica } from './lagging-replica.ts';
import { NEIGHBOUR, type Neighbour } from './neighbour.ts';
import { override } from './override.ts';
import { observedPollLog } from './polls/observed-poll-log.ts';
import { PollRules } from './polls/poll-rules.ts';
import { type Profile, isPunctual } from './profile.ts';
import { RecordRules } from './record-rules.ts';
import { RepeatRules } from './repeat-rules.ts';
import { RequestRules } from './request-rules.ts';
import { SecretRules } from './secret-rules.ts';
import { SlotRules } from './slot-rules.ts';
import { SlowRules } from './slow-rules.ts';

/** The longest time until a replica shows a write: usually a second, sometimes more. */
const REPLICA_LAGS = [1000, 1000, 10_000] as const;

/** What the observed ports need of the history around them. */
export interface Surroundings {
  now(): number;
  dice: Dice;
  profile: Profile;
  unruly(): boolean;
  /** An endpoint is made or changed. */
  endpointWritten(endpoint: Endpoint): void;
  /** The tenant that is erased: the rules see the other one. */
  neighbour(): Pick<Neighbour, 'endpointWritten' | 'eventWritten' | 'jobWritten'> | undefined;
  /** The process that is changing an endpoint. */
  caller(): GatedProcess | undefined;
  requestsPerEndpoint: number;
  /** Consumers of this endpoint find something new. */
  entryAdded(endpointId: string): void;
  /** A queue has changed. */
  touched(queue: QueueName): void;
}

/**
 * The store's ports. The rules see every effect when it happens. They also behave like a distributed store: messages
 * come late or twice, indexes lag behind their records, and replicas answer reads.
 */
export class ObservedPorts {
  readonly ports: Ports;
  readonly requests: RequestRules;
  readonly slow: SlowRules;
  readonly secrets: SecretRules;
  readonly polls: PollRules;
  /** The jobs that look at an endpoint again and again. */
  readonly lookouts = new Set<string>();
  readonly indexes: LaggingIndexes;
  readonly #around: Surroundings;
  readonly #seen: Evidence;
  readonly #records: RecordRules;
  readonly #repeats: RepeatRules;
  readonly #endpoints: EndpointRules;
  readonly #flight: FlightRules;
  readonly #slots: SlotRules;
  readonly #pages = new Map<string, readonly string[]>();
  readonly #replica = new LaggingReplica();

  constructor(store: Ports, seen: Evidence, around: Surroundings) {
    this.#around = around;
    this.#seen = seen;
    this.indexes = new LaggingIndexes(around);
    this.#endpoints = new EndpointRules(seen);
    this.#flight = new FlightRules(seen, around);
    this.#slots = new SlotRules(seen);
    this.polls = new PollRules(seen);
    this.#records = new RecordRules(seen, this.polls, around.profile.quiet);
    this.#repeats = new RepeatRules(seen, around.profile.lagMs);
    this.requests = new RequestRules(seen, isPunctual(around.profile));
    this.slow = new SlowRules(seen, around.requestsPerEndpoint);
    this.secrets = new SecretRules(seen);
    this.ports = { ...store, ...this.#observed(store) };
  }

  #observed(store: Ports): Partial<Ports> {
    const seen = this.#seen;
    return {
      deliveries: override(store.deliveries, {
        writeUnlessSuperseded: async (...given) => {
          const written = await store.deliveries.writeUnlessSuperseded(...given);
          if (written) this.#recordWritten(written);
          return written;
        },
        pageByStatus: (query) =>
          this.#around.profile.lagMs > 0 ? this.indexes.pageByStatus(query) : store.deliveries.pageByStatus(query),
      }),
      reader: override(store.reader, {
        read: async (keys, log) => {
          const snapshots = await store.reader.read(keys, log);
          return log === 'consistent' ? snapshots : snapshots.map((one, index) => this.#lately(one, keys[index]));
        },
      }),
      events: override(this.#around.profile.service ? store.events : queuesApart(store.events), {
        ...(this.#around.profile.service && { putWithMessages: (...given) => this.#putWithMessages(store, ...given) }),
        putUnlessExists: async (event: Event) =>
          noted(await store.events.putUnlessExists(event), () => this.#eventWritten(event)),
        addEndpointUnlessThere: async (tenantId, eventId, endpointId) =>
          noted(await store.events.addEndpointUnlessThere(tenantId, eventId, endpointId), () =>
            seen.added.set(eventId, (seen.added.get(eventId) ?? new Set()).add(endpointId)),
          ),
        putEndpointPage: async (place, endpointIds) => {
          await store.events.putEndpointPage(place, endpointIds);
          this.#pages.set(`${place.eventId}/${place.token}/${place.index}`, endpointIds);
        },
      }),
      brakes: override(store.brakes, {
        set: async (scope, at) => {
          seen.brakes.push({ at: this.#around.now(), set: true });
          return store.brakes.set(scope, at);
        },
        release: async (scope) => {
          const released = await store.brakes.release(scope);
          seen.brakes.push({ at: this.#around.now(), set: false });
          return released;
        },
      }),
      endpoints: override(store.endpoints, {
        createUnlessExists: async (endpoint) =>
          noted(await store.endpoints.createUnlessExists(endpoint), () => this.#endpointWritten(endpoint)),
        replaceIfGeneration: async (endpoint, generation) =>
          noted(await store.endpoints.replaceIfGeneration(endpoint, generation), () => this.#endpointWritten(endpoint)),
        replaceSecretsIfRevision: async (endpoint, revision) =>
          noted(await store.endpoints.replaceSecretsIfRevision(endpoint, revision), () =>
            this.#secretsWritten(endpoint),
          ),
      }),
      subscriptions: override(store.subscriptions, {
        putUnlessNewer: (place, ...rest) =>
          store.subscriptions.putUnlessNewer(seen.subscribing(place, this.#around.now()), ...rest),
      }),
      health: override(store.health, {
        noteSlow: async (note) => {
          await store.health.noteSlow(note);
          if (note.tenantId !== NEIGHBOUR) this.slow.noted(note, this.#around.now());
        },
        clearSlow: async (endpoint) => {
          await store.health.clearSlow(endpoint);
          this.slow.cleared(endpoint, this.#around.now());
        },
      }),
      slots: this.#slots.observed(store.slots),
      jobs: override(store.jobs, {
        createUnlessExists: async (job) => noted(await store.jobs.createUnlessExists(job), () => this.#jobWritten(job)),
        replaceIfStep: async (job, step) =>
          noted(await store.jobs.replaceIfStep(job, step), () => this.#jobWritten(job)),
      }),
      tenantData: override(store.tenantData, {
        removeSome: async (tenantId, ...given) => {
          const removal = await store.tenantData.removeSome(tenantId, ...given);
          await this.indexes.removed(store, tenantId);
          return removal;
        },
      }),
      due: override(store.due, {
        page: async ({ minute }) => ({ entries: this.indexes.entriesOf(minute) }),
        postpone: async (entry, next) => {
          const checkAt = await store.due.postpone(entry, next);
          if (checkAt !== undefined) this.indexes.postponed({ ...entry, checkAt });
          return checkAt;
        },
      }),
      polls: observedPollLog(store.polls, this.polls, {
        now: () => this.#around.now(),
        dice: this.#around.dice,
        lags: () => this.#around.unruly() && this.#around.profile.lagMs > 0,
        added: (endpointId) => this.#around.entryAdded(endpointId),
      }),
      queues: override(store.queues, {
        send: (queue, messages) => this.#send(store, queue, messages),
        hide: (queue, message, seconds) => {
          this.#flight.hidden(queue, seconds);
          if (!message.body.includes(`"${NEIGHBOUR}"`))
            this.slow.hidden(message.body, seconds, this.#around.caller(), this.#around.now());
          return this.#touching(queue, store.queues.hide(queue, message, seconds));
        },
        inFlight: async (queue) => this.#flight.counted(store.queues, queue),
      }),
    };
  }

  /** May return an outdated record, which is noted as the possible cause of a duplicate. */
  #lately(snapshot: Snapshot, key: DeliveryKey | undefined): Snapshot {
    const { dice, profile, unruly } = this.#around;
    if (!key || !unruly() || profile.lagMs === 0) return snapshot;
    const now = this.#around.now();
    const id = deliveryId(key);
    const moment = () => (dice.chance(0.5) ? now : now - dice.below(dice.pick(REPLICA_LAGS)));
    const seen = this.#replica.behind(snapshot, id, moment);
    if (seen.record !== snapshot.record) this.#seen.staleReads.push({ deliveryId: id, at: now });
    return seen;
  }

  /** With all its endpoints, those in pages too. */
  #eventWritten(event: Event): void {
    this.#replica.eventWritten(event.id, this.#around.now());
    const { endpointPages: paged } = event;
    const pages = Array.from({ length: paged?.pages ?? 0 }, (_, index) =>
      this.#pages.get(`${event.id}/${paged?.token}/${index}`),
    );
    if (pages.includes(undefined)) this.#seen.fail(1, `${event.id} is kept before its pages`, this.#around.now());
    if (event.tenantId === NEIGHBOUR) return this.#around.neighbour()?.eventWritten(event);
    const endpointIds = paged ? pages.flatMap((page) => page ?? []) : event.endpointIds;
    this.#seen.events.set(event.id, { ...event, endpointIds });
  }

  #recordWritten(record: Delivery): void {
    const now = this.#around.now();
    const id = deliveryId(record);
    if (record.tenantId !== NEIGHBOUR) this.#records.written(record, now, this.#around.caller()?.task ?? '');
    this.#replica.recordWritten(record, now);
    this.indexes.recordWritten(id, record);
  }

  #jobWritten(job: Job): void {
    if (job.kind === 'probe' || job.kind === 'settle') this.lookouts.add(job.id);
    if (job.kind === 'repair' && job.status === 'done') this.#settled(job);
    if (job.tenantId === NEIGHBOUR) this.#around.neighbour()?.jobWritten(job);
    else if (job.status === 'done') this.#repeats.ended(job, this.#around.now());
    this.indexes.jobWritten(job);
  }

  #settled({ endpointId = '', generation }: Job): void {
    const version = this.#seen.versionsOf(endpointId).find(({ endpoint }) => endpoint.generation === generation);
    if (version) version.settledAt ??= this.#around.now();
  }

  #endpointWritten(endpoint: Endpoint): void {
    if (endpoint.tenantId === NEIGHBOUR) return this.#around.neighbour()?.endpointWritten(endpoint);
    this.#secretsWritten(endpoint);
    const versions = this.#seen.endpoints.get(endpoint.id) ?? [];
    const maker = this.#around.caller();
    this.#endpoints.changed(versions.at(-1), endpoint, maker?.task ?? '', this.#around.now());
    versions.push({ at: this.#around.now(), by: maker?.task ?? '', maker, endpoint });
    this.#seen.endpoints.set(endpoint.id, versions);
    this.#around.endpointWritten(endpoint);
  }

  #secretsWritten(endpoint: Endpoint): void {
    if (endpoint.tenantId !== NEIGHBOUR) this.secrets.written(endpoint, this.#around.now());
  }

  async #putWithMessages(store: Ports, event: Event, messages: readonly OutgoingMessage[]): Promise<boolean> {
    const put = store.events.putWithMessages?.(event, messages) ?? Promise.resolve(false);
    return noted(await this.#touching('deliveries', put), () => {
      this.#eventWritten(event);
      for (const { body } of messages)
        if (event.tenantId !== NEIGHBOUR) this.requests.sent('deliveries', body, this.#around.now());
    });
  }

  async #send(store: Ports, queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void> {
    const { dice, profile, unruly, now } = this.#around;
    for (const { body } of messages) {
      if (body.includes(`"${NEIGHBOUR}"`)) continue;
      this.requests.sent(queue, body, now());
      if (queue === 'slow') this.slow.handedOver(body, now());
    }
    // The exhausted queue and poison are read only at the end, so it does not matter when their messages come.
    const disturbed = unruly() && queue !== 'exhausted' && queue !== 'poison';
    const again = disturbed ? messages.filter(() => dice.chance(profile.duplicate)) : [];
    const sent = [...messages, ...again].map((message) =>
      disturbed && dice.chance(profile.delayMessage) ? delayed(message, dice.between(1, 200)) : message,
    );
    await this.#touching(queue, store.queues.send(queue, sent));
  }

  async #touching<T>(queue: QueueName, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      this.#around.touched(queue);
    }
  }
}

function delayed(message: OutgoingMessage, seconds: number): OutgoingMessage {
  return { ...message, delaySeconds: Math.min((message.delaySeconds ?? 0) + seconds, MAX_DELAY_SECONDS) };
}

function noted(made: boolean, note: () => void): boolean {
  if (made) note();
  return made;
}
