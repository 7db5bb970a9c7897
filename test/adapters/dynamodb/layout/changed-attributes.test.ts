import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import {
  CHANGED_BY_JOBS,
  CHANGED_BY_RESPONSES,
  CHANGED_BY_SWEEP,
} from '../../../../lib/adapters/dynamodb/layout/changed-attributes.ts';
import type { DynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { RecordMaker } from '../../../support/records.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';
import { openMockedStore } from '../fixture.ts';

const endpoint = new RecordMaker(new VirtualClock()).endpoint();
const { tenantId, id: endpointId, generation } = endpoint;
const note = { tenantId, endpointId, generation, at: 1 };

/** What an attempt, a probe and a repair change of the table config, in each way that they can. */
const BY_RESPONSES: ((store: DynamoStore) => Promise<unknown>)[] = [
  ({ health }) => health.countFailure(note),
  ({ health }) => health.countFailure({ ...note, statusCode: 500 }),
  ({ health }) => health.clearFailures({ ...note, statusCode: 200 }),
  ({ health }) => health.noteSlow({ ...note, since: 1, until: 2 }),
  ({ health }) => health.clearSlow(note),
  ({ slots }) => slots.reserve({ ...note, now: 1, intervalMs: 100 }),
  ({ endpoints }) => endpoints.replaceIfGeneration({ ...endpoint, status: 'disabled' }, generation),
  ({ endpoints }) => endpoints.replaceIfGeneration({ ...endpoint, secretsRevision: 2 }, generation),
  ({ subscriptions }) => subscriptions.raiseShard(tenantId, 3),
];
/** An erased tenant's endpoints are shut. */
const BY_JOBS: typeof BY_RESPONSES = [
  ...BY_RESPONSES,
  ({ endpoints }) => endpoints.replaceIfGeneration({ ...endpoint, status: 'revoked' }, generation),
];
const BY_SWEEP: ((store: DynamoStore) => Promise<unknown>)[] = [
  ({ subscriptions }) => subscriptions.completeSettings(2),
];

test.each([
  ['a response', BY_RESPONSES, CHANGED_BY_RESPONSES],
  ['a job', BY_JOBS, CHANGED_BY_JOBS],
  ['sweep', BY_SWEEP, CHANGED_BY_SWEEP],
] as const)(
  'the rights after %s are to the attributes that are named then, and to no others',
  async (_, work, rights) => {
    const named = new Map<string, Set<string>>();
    for (const change of work) {
      const { store, calls } = openMockedStore();
      const changed = { settings_version: 1, eventsPerSecond: 5 };
      calls.on(GetCommand).resolves({ Item: changed });
      calls.on(QueryCommand).resolves({ Items: [{ pk: 'SETTINGS', sk: tenantId, at: 1, changes: 1 }] });
      // The second try meets what the first did not.
      calls.on(UpdateCommand).resolves({ Attributes: { health_generation: generation, nextFreeAt: 100 } });
      await change(store);
      for (const { args } of calls.commandCalls(UpdateCommand)) {
        const { Key, UpdateExpression = '', ConditionExpression = '' } = args[0].input;
        const kind = String(Key?.pk).replace(/#.*/, '').toLowerCase();
        const paths = `${UpdateExpression} ${ConditionExpression}`.matchAll(/(?<!\.)#(\w+)/g);
        const names = named.get(kind) ?? new Set();
        for (const [, name = ''] of paths) names.add(name.replace(/^shard_\d+$/, 'shard_*'));
        named.set(kind, names.difference(new Set(['pk'])));
      }
    }
    const kinds = Object.entries(rights as Record<string, readonly string[]>);
    expect(Object.fromEntries([...named].map(([kind, names]) => [kind, [...names].toSorted()]))).toEqual(
      Object.fromEntries(kinds.map(([kind, names]) => [kind === 'slots' ? 'slot' : kind, names.toSorted()])),
    );
  },
);
