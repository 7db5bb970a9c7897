import { RequestError, ServiceFault } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';

type QuotaPorts = Pick<Ports, 'clock' | 'log' | 'quotas'>;

/** What is left of a quota. */
export interface QuotaState {
  /** Events in a window. */
  limit: number;
  windowSeconds: number;
  /** As far as this process knows: others are counted once a second. */
  remaining: number;
  /** Until the next window. */
  resetSeconds: number;
}

export interface AdmitEvent {
  /** Takes one event in. @throws RequestError `over-quota`, with the seconds to wait */
  (tenantId: string, eventsPerSecond: number | undefined): Promise<void>;
  /** As it was when the tenant's last event came; undefined: none came in this window, or there is no quota. */
  state(tenantId: string): QuotaState | undefined;
}

const WINDOW_MS = 60_000;
const SETTLE_MS = 1000;
const REMEMBERED_TENANTS = 1000;

/** What this process knows of a tenant's window. */
interface Count {
  limit: number;
  window: number;
  /** Of all processes, when last settled. */
  total: number;
  /** Taken in here, and not yet settled. */
  own: number;
  settledAt: number;
}

/**
 * Holds each tenant to its quota, counted by the minute: in this process for each event, and settled with the table at
 * most once a second. Several processes together may exceed it by the events of one second. Costs nothing for a tenant
 * without a quota.
 */
export function createQuota(ports: QuotaPorts): AdmitEvent {
  const counts = new Map<string, Count>();
  async function admit(tenantId: string, eventsPerSecond: number | undefined): Promise<void> {
    if (eventsPerSecond === undefined) return void counts.delete(tenantId);
    const now = ports.clock.now();
    const count = countOf(counts, tenantId, now);
    const limit = Math.max(1, eventsPerSecond * (WINDOW_MS / 1000));
    count.limit = limit;
    if (count.total + count.own + 1 > limit) throw overQuota(eventsPerSecond, now);
    count.own += 1;
    if (now - count.settledAt < SETTLE_MS) return;
    count.settledAt = now;
    await settle(ports, tenantId, count);
    if (count.total > limit) throw overQuota(eventsPerSecond, now);
  }

  return Object.assign(admit, {
    state: (tenantId: string) => stateOf(counts.get(tenantId), ports.clock.now()),
  });
}

function stateOf(count: Count | undefined, now: number): QuotaState | undefined {
  if (count?.window !== windowAt(now)) return undefined;
  const { limit, total, own } = count;
  return {
    limit: Math.floor(limit),
    windowSeconds: WINDOW_MS / 1000,
    remaining: Math.max(0, Math.floor(limit - total - own)),
    resetSeconds: secondsToNextWindow(now),
  };
}

/** The minute in which events are counted together. */
export function windowAt(now: number): number {
  return Math.floor(now / WINDOW_MS);
}

/** Milliseconds since the Unix epoch. */
export function windowStart(window: number): number {
  return window * WINDOW_MS;
}

export function secondsToNextWindow(now: number): number {
  return Math.ceil((WINDOW_MS - (now % WINDOW_MS)) / 1000);
}

function countOf(counts: Map<string, Count>, tenantId: string, now: number): Count {
  const window = windowAt(now);
  const known = counts.get(tenantId);
  if (known?.window === window) return known;
  const fresh: Count = { limit: 0, window, total: 0, own: 0, settledAt: Number.NEGATIVE_INFINITY };
  counts.delete(tenantId);
  counts.set(tenantId, fresh);
  if (counts.size > REMEMBERED_TENANTS) counts.delete(counts.keys().next().value as string);
  return fresh;
}

/** A table that fails must not stop events: they are counted at the next settling. */
async function settle(ports: QuotaPorts, tenantId: string, count: Count): Promise<void> {
  const { own, window } = count;
  count.own -= own;
  try {
    count.total = Math.max(count.total, await ports.quotas.add(tenantId, window, own));
  } catch (cause) {
    if (!(cause instanceof ServiceFault)) throw cause;
    count.own += own;
    ports.log.error('quota.uncounted', cause, { tenant_id: tenantId });
  }
}

function overQuota(eventsPerSecond: number, now: number): RequestError {
  return new RequestError(
    'over-quota',
    `This tenant may post ${eventsPerSecond} events a second, counted by the minute. Send it again later.`,
    secondsToNextWindow(now),
  );
}
