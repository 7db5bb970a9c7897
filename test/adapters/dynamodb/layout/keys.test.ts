import { describe, expect, test } from 'vitest';
import {
  SCHEMA_KEY,
  alertAddressKey,
  apiKeyEntryKey,
  apiKeyKey,
  auditKey,
  brakesKey,
  dataKeyKey,
  eventTypeKey,
  idempotencyRecordKey,
  deliveryKey,
  eventBodyKey,
  eventPk,
  jobKey,
  metaKey,
  numberKey,
  numberOfKey,
  numberSequenceKey,
  parseDeliveryKey,
  parseJobKey,
  parseStatusSortKey,
  endpointKey,
  endpointCountKey,
  subscriptionKey,
  slotKey,
  secondFactorKey,
  sessionHashKey,
  sessionKey,
  settingsChangeKey,
  statusIndexKey,
  tenantKey,
} from '../../../../lib/adapters/dynamodb/layout/keys.ts';
import { PARTITIONS } from '../../../../lib/adapters/dynamodb/layout/partitions.ts';
import { shardOf } from '../../../../lib/adapters/dynamodb/layout/shards.ts';
import type { ItemKey } from '../../../../lib/adapters/dynamodb/access/item.ts';
import { ulidOf } from '../../../../lib/domain/ids.ts';
import { RecordMaker } from '../../../support/records.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

/** As IAM matches: only `*` means something. */
function matchesGlob(text: string, pattern: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

const make = new RecordMaker(new VirtualClock());

describe('keys', () => {
  test.each(['default', 'org_abc123', 'a:b.c-d_e', '1', 'a#b', 'a%23b', '#%', 'ü 東/|@', 'x'.repeat(128)])(
    'the tenant %s comes back out of its keys',
    (tenantId) => {
      const { endpointId, eventId, ordinal, status } = make.delivery({ ordinal: 17 });
      const key = { tenantId, endpointId, eventId, ordinal };
      expect(parseDeliveryKey(deliveryKey(key))).toEqual(key);
      expect(parseStatusSortKey(tenantId, statusIndexKey({ ...key, status }).status_sk)).toEqual(key);
      expect(parseJobKey(jobKey(tenantId, 'job_1'))).toEqual({ tenantId, jobId: 'job_1' });
    },
  );

  test('the keys of two tenants are never the same', () => {
    const { id: eventId } = make.event();
    // The events' list of one tenant, and the data of one event of another.
    const part = `${ulidOf(eventId)}#BODY`;
    expect(eventPk(`a#${ulidOf(eventId)}`, 0)).not.toBe(eventBodyKey('a', eventId).pk);
    expect(idempotencyRecordKey('a', `b#${part}`).pk).not.toBe(idempotencyRecordKey('a#b', part).pk);
    expect(idempotencyRecordKey('a#b', part).pk).not.toBe(idempotencyRecordKey('a%23b', part).pk);
  });

  test('the key of one kind is not read as another’s', () => {
    expect(parseJobKey(deliveryKey(make.delivery()))).toBeUndefined();
    expect(parseDeliveryKey(jobKey('tenant', 'job_1'))).toBeUndefined();
  });

  test.each([-1, 1_000_000, Number.NaN])('the ordinal %d, which would not sort, has no key', (ordinal) => {
    expect(() => deliveryKey(make.delivery({ ordinal }))).toThrow(RangeError);
  });
});

describe('shards', () => {
  test('ids of one millisecond spread evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 4000; n += 1) {
      const shard = shardOf(make.endpointId(), 4);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });

  test('an id stays in the shard that it was stored in', () => {
    const shards = [
      'evt_01KE0000000000000000000000',
      'evt_01KE0000000000000000000001',
      'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
    ];
    expect(shards.map((id) => shardOf(id, 4))).toEqual([0, 3, 1]);
  });
});

test('each kind of partition that rights name is that of its items, and of no others', () => {
  const keysOf: Record<keyof typeof PARTITIONS, ItemKey[]> = {
    deployment: [SCHEMA_KEY, dataKeyKey('2026-02')],
    brakes: [brakesKey(0)],
    endpoints: [endpointKey('a', 'ep_1'), endpointCountKey('a')],
    subscriptions: [subscriptionKey({ tenantId: 'a', shard: 0, id: 'ep_1' })],
    slots: [slotKey('a', 'ep_1')],
    meta: [metaKey('a', 0)],
    settings: [settingsChangeKey('a')],
    tenants: [tenantKey('a')],
    apiKey: [apiKeyKey('hash')],
    audit: [auditKey('a', 'aud_1'), auditKey(undefined, 'aud_1')],
    mfa: [secondFactorKey('a'), secondFactorKey(undefined)],
    alerts: [alertAddressKey('a')],
    number: [numberOfKey({ tenantId: 'a', kind: 'endpoint' }, 'ep_1')],
    numbers: [
      numberKey({ tenantId: 'a', kind: 'endpoint' }, 1),
      numberSequenceKey({ tenantId: 'a', kind: 'endpoint' }),
    ],
    eventTypes: [eventTypeKey('a', 'x'), eventTypeKey(undefined, 'x')],
    session: [sessionHashKey('hash')],
    sessions: [sessionKey('a', 'ses_1'), sessionKey(undefined, 'ses_1')],
    apiKeys: [apiKeyEntryKey('a', 'key_1'), apiKeyEntryKey(undefined, 'key_1')],
  };
  for (const [kind, keys] of Object.entries(keysOf)) {
    for (const { pk } of keys) {
      const matching = Object.entries(PARTITIONS).filter(([, pattern]) => matchesGlob(pk, pattern));
      expect(matching.map(([name]) => name)).toEqual([kind]);
    }
  }
});
