import type { Delivery, DeliveryStatus } from '../../lib/domain/delivery.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { Event } from '../../lib/domain/event.ts';
import { newId, newJobId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import { NextDelivery } from '../../lib/domain/delivery-changes/next-delivery.ts';
import type { Trigger } from '../../lib/domain/delivery-triggers.ts';
import type { DeliveryLog, ResponseBody } from '../../lib/ports/delivery-log.ts';
import { SeededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/**
 * Makes plausible records for the contract suites, with ids of the clock's present time. One maker a test: its ids
 * differ from those of every other maker of the run, so that suites may share tables.
 */
export class RecordMaker {
  readonly tenantId: string;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  static #made = 0;

  constructor(clock: VirtualClock) {
    RecordMaker.#made += 1;
    this.#clock = clock;
    this.#random = new SeededRandom(RecordMaker.#made);
    this.tenantId = this.name('tenant');
  }

  /** A name that no other maker gives. */
  name(prefix: string): string {
    return `${prefix}_${RecordMaker.#made}_${Math.floor(this.#random.fraction() * 1e9)}`;
  }

  endpointId(): string {
    return newId('ep', this.#ids());
  }

  endpoint(changes: Partial<Endpoint> = {}): Endpoint {
    return {
      tenantId: this.tenantId,
      id: this.endpointId(),
      url: 'https://customer.example/hooks?ünïcode=✓',
      label: 'Orders',
      dialect: 'standard',
      status: 'active',
      generation: 1,
      secrets: [{ sealed: 'v1.sealed', createdAt: this.#clock.now() }],
      events: ['order.*'],
      headers: { names: ['x-tag'], sealed: 'sealed-headers' },
      retry: { preset: 'standard' },
      timeoutSeconds: 10,
      metadata: { team: 'billing' },
      createdAt: this.#clock.now(),
      updatedAt: this.#clock.now(),
      ...changes,
    };
  }

  event(changes: Partial<Event> = {}): Event {
    return {
      tenantId: this.tenantId,
      id: newId('evt', this.#ids()),
      type: 'order.paid',
      data: '{"amount": 12.50, "note": "ünïcode ✓"}',
      project: { id: 'proj_1', name: 'Shop' },
      trace: '{"span":1}',
      externalId: 'order-1',
      acceptedAt: this.#clock.now(),
      endpointIds: [this.endpointId()],
      ...changes,
    };
  }

  /** A pending first delivery with an epoch of 1 and no attempts, not written yet. */
  delivery(changes: Partial<Delivery> = {}): Delivery {
    return {
      tenantId: this.tenantId,
      endpointId: this.endpointId(),
      eventId: newId('evt', this.#ids()),
      ordinal: 0,
      eventType: 'order.paid',
      status: 'pending',
      attempts: [],
      epoch: 1,
      revision: 0,
      scheduleBase: 0,
      createdAt: this.#clock.now(),
      updatedAt: this.#clock.now(),
      ...changes,
    };
  }

  job(changes: Partial<Job> = {}): Job {
    return {
      tenantId: this.tenantId,
      id: newJobId(this.#ids()),
      kind: 'release',
      endpointId: this.endpointId(),
      generation: 2,
      status: 'running',
      step: 0,
      processed: 0,
      checkAt: this.#clock.now() + 900_000,
      createdAt: this.#clock.now(),
      updatedAt: this.#clock.now(),
      ...changes,
    };
  }

  #ids(): { now(): number; fraction(): number } {
    return { now: () => this.#clock.now(), fraction: () => this.#random.fraction() };
  }
}

/** How a recorded delivery that is pending gets each status. */
const PLANTED_BY: Readonly<Record<DeliveryStatus, Trigger>> = {
  pending: 'checked',
  retrying: 'failed',
  parked: 'failed-far',
  held: 'endpoint-paused',
  delivered: 'succeeded',
  exhausted: 'failed-last',
  abandoned: 'endpoint-shut',
};

/** A record that a test plants, as if its delivery had been pending before. */
export function planted(record: Delivery): NextDelivery {
  const pending: Delivery = { ...record, status: 'pending', revision: 1 };
  return new NextDelivery(pending, PLANTED_BY[record.status], record);
}

/** Writes a record; answers it as it then stands. */
export async function written(
  log: Pick<DeliveryLog, 'writeUnlessSuperseded'>,
  record: Delivery,
  body?: ResponseBody,
): Promise<Delivery> {
  const stands = await log.writeUnlessSuperseded(planted(record), body);
  if (!stands) throw new Error('The record was written by another.');
  return stands;
}

/** The record after one more attempt, which failed with a 500. */
export function afterFailedAttempt(record: Delivery, at: number, changes: Partial<Delivery> = {}): Delivery {
  const attempt = {
    number: record.attempts.length + 1,
    at,
    durationMs: 12,
    statusCode: 500,
    errorKind: 'status' as const,
  };
  return { ...record, status: 'retrying', attempts: [...record.attempts, attempt], updatedAt: at, ...changes };
}
