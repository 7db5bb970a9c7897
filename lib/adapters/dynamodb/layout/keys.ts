import type { DeliveryStatus } from '../../../domain/delivery.ts';
import { type DeliveryKey, MAX_ORDINAL, isOrdinal, ulidOf } from '../../../domain/ids.ts';
import type { DeliveryPosition } from '../../../ports/delivery-log.ts';
import type { EndpointPagePlace } from '../../../ports/event-log.ts';
import { MAX_NUMBER, type NumberSequence } from '../../../ports/number-store.ts';
import type { Counted } from '../../../ports/quota-counter.ts';
import type { SubscriptionPlace } from '../../../ports/subscription-store.ts';
import type { ItemKey } from '../access/item.ts';
import {
  AUDIT_SHARDS,
  DELIVERY_SHARDS,
  ENDPOINT_SHARDS,
  EVENT_SHARDS,
  OPEN_JOB_SHARDS,
  STATUS_GROUPS,
  STATUS_SHARDS,
  TENANT_SHARDS,
  TROUBLE_SHARDS,
  shardOf,
} from './shards.ts';

// "#" separates the parts of a key. A tenant's id may contain one, and is escaped; what else may, comes last in its key.

const escaped = (tenantId: string) => tenantId.replaceAll(/[%#]/g, encodeURIComponent);
const unescaped = (part: string) => part.replaceAll(/%2[35]/g, decodeURIComponent);

/** A tenant's shard numbers and quota. Ingest reads one of the copies for each event, so each has a partition of its own. */
export const metaKey = (tenantId: string, copy: number): ItemKey => ({
  pk: `META#${escaped(tenantId)}#${copy}`,
  sk: 'META',
});

export const subscriptionsPk = (tenantId: string, shard: number) => `SUBSCRIPTIONS#${escaped(tenantId)}#${shard}`;
export const subscriptionKey = ({ tenantId, shard, id }: Omit<SubscriptionPlace, 'generation'>): ItemKey => ({
  pk: subscriptionsPk(tenantId, shard),
  sk: id,
});

export const endpointsPk = (tenantId: string, shard: number) => `ENDPOINTS#${escaped(tenantId)}#${shard}`;
export const endpointKey = (tenantId: string, endpointId: string): ItemKey => ({
  pk: endpointsPk(tenantId, shardOf(endpointId, ENDPOINT_SHARDS)),
  sk: endpointId,
});
export const endpointCountKey = (tenantId: string): ItemKey => ({
  pk: `ENDPOINTS#${escaped(tenantId)}#COUNT`,
  sk: 'COUNT',
});
export const slotKey = (tenantId: string, endpointId: string): ItemKey => ({
  pk: `SLOT#${escaped(tenantId)}#${endpointId}`,
  sk: 'SLOT',
});
export const SCHEMA_KEY: ItemKey = { pk: 'DEPLOYMENT', sk: 'SCHEMA' };
/** All brakes; dispatch reads one of the copies for each batch. */
export const brakesKey = (copy: number): ItemKey => ({ pk: `BRAKES#${copy}`, sk: 'BRAKES' });
/** The tenants whose settings are being changed. */
export const settingsChangesPk = 'SETTINGS';
export const settingsChangeKey = (tenantId: string): ItemKey => ({ pk: settingsChangesPk, sk: tenantId });
/** The data key of a month. */
export const dataKeyKey = (period: string): ItemKey => ({ pk: 'DEPLOYMENT', sk: `DATAKEY#${period}` });
export const apiKeyKey = (hash: string): ItemKey => ({ pk: `KEY#${hash}`, sk: 'KEY' });
/** The list of a tenant's keys, or of the platform's own. */
export const apiKeysPk = (owner: string | undefined) => `KEYS#${escaped(owner ?? '')}`;
export const apiKeyEntryKey = (owner: string | undefined, id: string): ItemKey => ({ pk: apiKeysPk(owner), sk: id });
/** Leads from the hash of a session's code, or of its token, to the session. */
export const sessionHashKey = (hash: string): ItemKey => ({ pk: `SESSION#${hash}`, sk: 'SESSION' });
/** The sessions of a tenant's people, or of the platform's own. */
export const sessionsPk = (owner: string | undefined) => `SESSIONS#${escaped(owner ?? '')}`;
export const sessionKey = (owner: string | undefined, id: string): ItemKey => ({ pk: sessionsPk(owner), sk: id });
export const secondFactorKey = (owner: string | undefined): ItemKey => ({
  pk: `MFA#${escaped(owner ?? '')}`,
  sk: 'MFA',
});
export const alertAddressKey = (tenantId: string): ItemKey => ({ pk: `ALERTS#${escaped(tenantId)}`, sk: 'ADDRESS' });
/** The audit log of a tenant, or the platform's own. */
export const auditPk = (owner: string | undefined, shard: number) => `AUDIT#${escaped(owner ?? '')}#${shard}`;
export const auditKey = (owner: string | undefined, id: string): ItemKey => ({
  pk: auditPk(owner, shardOf(id, AUDIT_SHARDS)),
  sk: ulidOf(id),
});
/** The catalogue of a tenant, or the platform's own. */
export const eventTypesPk = (owner: string | undefined) => `TYPES#${escaped(owner ?? '')}`;
export const eventTypeKey = (owner: string | undefined, type: string): ItemKey => ({
  pk: eventTypesPk(owner),
  sk: type,
});
export const tenantsPk = (shard: number) => `TENANTS#${shard}`;
export const tenantKey = (id: string): ItemKey => ({ pk: tenantsPk(shardOf(id, TENANT_SHARDS)), sk: id });

/** What a tenant used, an item a day, in the log. */
export const usagePk = (tenantId: string) => `USAGE#${escaped(tenantId)}`;
export const usageKey = (tenantId: string, day: string): ItemKey => ({ pk: usagePk(tenantId), sk: day });

/** The things of a sequence by their numbers. */
export const numbersPk = ({ tenantId, kind }: NumberSequence) => `NUMBERS#${escaped(tenantId)}#${kind}`;
export const numberKey = (sequence: NumberSequence, number: number): ItemKey => ({
  pk: numbersPk(sequence),
  sk: `${number}`.padStart(String(MAX_NUMBER).length, '0'),
});
/** The last number that a sequence has given. */
export const numberSequenceKey = (sequence: NumberSequence): ItemKey => ({
  pk: `${numbersPk(sequence)}#LAST`,
  sk: 'LAST',
});
export const numberOfKey = ({ tenantId, kind }: NumberSequence, id: string): ItemKey => ({
  pk: `NUMBER#${escaped(tenantId)}#${kind}#${id}`,
  sk: 'NUMBER',
});

export const eventPk = (tenantId: string, shard: number) => `EVENT#${escaped(tenantId)}#${shard}`;

export function eventKey(tenantId: string, eventId: string): ItemKey {
  return { pk: eventPk(tenantId, shardOf(eventId, EVENT_SHARDS)), sk: ulidOf(eventId) };
}

/** The data of a large event, in a partition of its own, so that lists of events do not read it. */
export function eventBodyKey(tenantId: string, eventId: string): ItemKey {
  return { pk: `EVENT#${escaped(tenantId)}#${ulidOf(eventId)}#BODY`, sk: 'BODY' };
}

/** A page of an event's endpoint ids, in a partition of its own, so that lists of events do not read it. */
export function endpointPageKey({ tenantId, eventId, token, index }: EndpointPagePlace): ItemKey {
  return { pk: endpointPagesPk(tenantId, eventId), sk: `${token}#${index}` };
}

export const endpointPagesPk = (tenantId: string, eventId: string) =>
  `EVENT#${escaped(tenantId)}#${ulidOf(eventId)}#ENDPOINTS`;

/** The endpoints that replays added to an event. */
export const addedEndpointsPk = (tenantId: string, eventId: string) =>
  `EVENT#${escaped(tenantId)}#${ulidOf(eventId)}#ADDED`;

export const idempotencyRecordKey = (tenantId: string, key: string): ItemKey => ({
  pk: `CLAIM#${escaped(tenantId)}#${key}`,
  sk: 'CLAIM',
});

export const quotasPk = (tenantId: string) => `QUOTA#${escaped(tenantId)}`;
export const quotaKey = (tenantId: string, window: number, of: Counted): ItemKey => ({
  pk: quotasPk(tenantId),
  sk: of === 'events' ? `${window}` : `${window}#${of}`,
});

const JOB_PREFIX = 'JOB#';

export const jobsPk = (tenantId: string) => `${JOB_PREFIX}${escaped(tenantId)}`;
export const jobKey = (tenantId: string, jobId: string): ItemKey => ({ pk: jobsPk(tenantId), sk: jobId });
export const WATERMARK_KEY: ItemKey = { pk: 'SWEEP', sk: 'WATERMARK' };

/** What consumers of a poll endpoint read, in the log. */
export const pollPk = (tenantId: string, endpointId: string) => `POLL#${escaped(tenantId)}#${endpointId}`;

/** The consumers of a poll endpoint, by name; beside them, how far its deliveries are settled. */
export const consumersPk = (tenantId: string, endpointId: string) => `CONSUMERS#${escaped(tenantId)}#${endpointId}`;
export const consumerKey = (tenantId: string, endpointId: string, name: string): ItemKey => ({
  pk: consumersPk(tenantId, endpointId),
  sk: `NAME#${name}`,
});
export const settledKey = (tenantId: string, endpointId: string): ItemKey => ({
  pk: consumersPk(tenantId, endpointId),
  sk: 'SETTLED',
});

const ORDINAL_DIGITS = 6;
const ordinalText = (ordinal: number) => `${ordinal}`.padStart(ORDINAL_DIGITS, '0');

export function deliveryPk(tenantId: string, endpointId: string, shard: number): string {
  return `DELIVERY#${escaped(tenantId)}#${endpointId}#${shard}`;
}

export function deliveryKey({ tenantId, endpointId, eventId, ordinal }: DeliveryKey): ItemKey {
  if (!isOrdinal(ordinal)) throw new RangeError(`an ordinal is 0 to ${MAX_ORDINAL}: ${ordinal}`);
  const pk = deliveryPk(tenantId, endpointId, shardOf(eventId, DELIVERY_SHARDS));
  return { pk, sk: `${ulidOf(eventId)}#${ordinalText(ordinal)}` };
}

/** The prefix of the sort keys of all deliveries of an event. */
export const ordinalsPrefix = (eventId: string) => `${ulidOf(eventId)}#`;

/** An exclusive upper bound for the sort keys that follow a position, newest first. */
export function sortKeyBefore({ eventId, ordinal }: Pick<DeliveryPosition, 'eventId' | 'ordinal'>): string {
  if (ordinal < 0) return ordinalsPrefix(eventId);
  return ordinal > MAX_ORDINAL ? `${ordinalsPrefix(eventId)}~` : `${ordinalsPrefix(eventId)}${ordinalText(ordinal)}`;
}

export function attemptPk(key: DeliveryKey): string {
  const { tenantId, endpointId } = key;
  return `ATTEMPTS#${escaped(tenantId)}#${endpointId}#${deliveryKey(key).sk}`;
}

/** The time keeps apart the bodies of two messages of one delivery that made the same attempt. */
export function attemptKey(key: DeliveryKey, attempt: number, at: number): ItemKey {
  return { pk: attemptPk(key), sk: `ATTEMPT#${`${attempt}`.padStart(6, '0')}#${at}` };
}

const DELIVERY_KEY = /^DELIVERY#(?<tenantId>.+)#(?<endpointId>[^#]+)#\d+$/;

/** The reverse of {@link deliveryKey}; undefined for the key of another kind. */
export function parseDeliveryKey({ pk, sk }: ItemKey): DeliveryKey | undefined {
  const { tenantId, endpointId } = DELIVERY_KEY.exec(pk)?.groups ?? {};
  const [ulid, ordinal] = sk.split('#');
  if (tenantId === undefined || endpointId === undefined || !isOrdinal(Number(ordinal))) return undefined;
  return { tenantId: unescaped(tenantId), endpointId, eventId: `evt_${ulid}`, ordinal: Number(ordinal) };
}

/** The reverse of {@link jobKey}; undefined for the key of another kind. */
export function parseJobKey({ pk, sk }: ItemKey): { tenantId: string; jobId: string } | undefined {
  return pk.startsWith(JOB_PREFIX) ? { tenantId: unescaped(pk.slice(JOB_PREFIX.length)), jobId: sk } : undefined;
}

// The sparse indexes.

const MINUTE_MS = 60_000;

export const duePk = (minute: number, shard: number) => `DUE#${minute}#${shard}`;

/** The attributes that put an item into the due index. @param id its hash selects one of the shards */
export function dueIndexKey(checkAt: number, id: string, shards: number): { due_pk: string; due_sk: number } {
  return { due_pk: duePk(Math.floor(checkAt / MINUTE_MS), shardOf(id, shards)), due_sk: checkAt };
}

export function statusPk(tenantId: string, status: DeliveryStatus, group: number, shard: number): string {
  return `STATUS#${escaped(tenantId)}#${status}#${group}#${shard}`;
}

export const statusGroupOf = (endpointId: string) => shardOf(endpointId, STATUS_GROUPS);

/** The attributes that put a delivery into the index of its status, ordered by event. */
export function statusIndexKey(key: DeliveryKey & { status: DeliveryStatus }): {
  status_pk: string;
  status_sk: string;
} {
  const { tenantId, endpointId, eventId, ordinal, status } = key;
  const shard = shardOf(eventId, STATUS_SHARDS);
  return {
    status_pk: statusPk(tenantId, status, statusGroupOf(endpointId), shard),
    status_sk: `${ulidOf(eventId)}#${ulidOf(endpointId)}#${ordinalText(ordinal)}`,
  };
}

/** The key of a delivery from its sort key in the index of statuses. */
export function parseStatusSortKey(tenantId: string, sortKey: string): DeliveryKey {
  const [event, endpoint, ordinal] = sortKey.split('#');
  return { tenantId, eventId: `evt_${event}`, endpointId: `ep_${endpoint}`, ordinal: Number(ordinal) };
}

export const troublePk = (shard: number) => `TROUBLE#${shard}`;

/** The attributes that put an endpoint into the index of those that fail or are paused. */
export function troubleIndexKey(tenantId: string, endpointId: string): { trouble_pk: string; trouble_sk: string } {
  return {
    trouble_pk: troublePk(shardOf(endpointId, TROUBLE_SHARDS)),
    trouble_sk: `${escaped(tenantId)}#${endpointId}`,
  };
}

/** The endpoint of a sort key of {@link troubleIndexKey}. */
export function parseTroubleSortKey(sortKey: string): { tenantId: string; id: string } {
  const [tenant = '', id = ''] = sortKey.split('#');
  return { tenantId: unescaped(tenant), id };
}

export const openJobsPk = (shard: number) => `JOBS#${shard}`;

/** The attributes that put an unfinished job into the index of statuses, in a part of its own. */
export function openJobIndexKey(jobId: string): { status_pk: string; status_sk: string } {
  return { status_pk: openJobsPk(shardOf(jobId, OPEN_JOB_SHARDS)), status_sk: jobId };
}
