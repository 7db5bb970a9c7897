import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDocumentClient, dynamoClientConfig } from '../../../../lib/adapters/dynamodb/access/client.ts';
import { openDynamoStore } from '../../../../lib/adapters/dynamodb/store.ts';
import { systemClock } from '../../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../../lib/adapters/system/system-random.ts';
import { ServiceFault, ThrottledFault } from '../../../../lib/domain/errors.ts';
import { planted } from '../../../support/records.ts';
import { TABLES, openMockedStore, serviceError } from '../fixture.ts';

describe('faults', () => {
  test.each([
    ['throttling', serviceError('ProvisionedThroughputExceededException')],
    ['too many requests', serviceError('ThrottlingException')],
    ['a failure inside', serviceError('InternalServerError', 'server')],
    ['a missing permission', serviceError('AccessDeniedException')],
    ['a timeout', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
    ['a lost connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ])('%s is a ServiceFault with its cause, whatever is called', async (_what, cause) => {
    const { store, calls, make } = openMockedStore();
    calls.rejects(cause);
    const [record, job, event] = [make.delivery(), make.job(), make.event()];
    const claim = { tenantId: 't', key: 'k', resourceId: event.id, bodyHash: 'h', expiresAt: 2 };
    const note = { tenantId: 't', endpointId: record.endpointId, generation: 1, at: 1 };
    const place = { tenantId: 't', shard: 0, id: 'ep', generation: 1 };
    const query = { tenantId: 't', status: 'held', order: 'oldest-first', limit: 5 } as const;
    const asked = [
      () => store.subscriptions.tenant('t'),
      () => store.subscriptions.ofShard('t', 0),
      () => store.subscriptions.raiseShard('t', 0),
      () => store.subscriptions.putUnlessNewer(place, { id: 'ep', events: [] }),
      () => store.subscriptions.removeUnlessNewer(place),
      () => store.endpoints.page('t', undefined, 5),
      () => store.health.countFailure(note),
      () => store.health.clearFailures(note),
      () => store.events.putUnlessExists(event),
      () => store.events.page('t', { limit: 5 }),
      () => store.idempotency.claimUnlessTaken(claim, 0),
      () => store.deliveries.writeUnlessSuperseded(planted(record), { attempt: 1, bytes: new Uint8Array(1) }),
      () => store.deliveries.responseBodies(record),
      () => store.deliveries.pageByStatus(query),
      () => store.deliveries.pageOfEndpoint('t', record.endpointId, undefined, 5),
      () => store.deliveries.ofEvent('t', event.id, event.endpointIds),
      () => store.reader.read([record], 'eventual'),
      () => store.due.page({ minute: 1, shard: 0 }, undefined, 5),
      () => store.due.raiseWatermark(1),
      () => store.jobs.replaceIfStep(job, 0),
      () => store.apiKeys.find('hash'),
    ];
    for (const ask of asked) {
      const fault = await ask().catch((error: unknown) => error);
      expect(fault, `${ask}`).toBeInstanceOf(ServiceFault);
      expect((fault as ServiceFault).cause).toBe(cause);
    }
  });

  test('throttling is a fault of its own kind everywhere: an alarm looks for it in the logs', async () => {
    for (const name of ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded']) {
      const { store, calls } = openMockedStore();
      calls.rejects(serviceError(name));
      const fault = await store.jobs.get('t', 'job').catch((thrown: unknown) => thrown);
      expect(fault).toBeInstanceOf(ThrottledFault);
      expect(String(fault)).toContain(`DynamoDB throttled GetItem: ${name}`);
    }
    const { store, calls } = openMockedStore();
    calls.rejects(serviceError('InternalServerError', 'server'));
    await expect(store.jobs.get('t', 'job')).rejects.not.toBeInstanceOf(ThrottledFault);
  });

  test('a request that is wrong in itself is our bug, and no fault that may pass', async () => {
    const { store, calls, make } = openMockedStore();
    calls.rejects(serviceError('ValidationException'));
    const error = await store.jobs.get('t', make.job().id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ValidationException' });
    expect(error).not.toBeInstanceOf(ServiceFault);
  });
});

describe('a service that does not answer', () => {
  test('is a fault when the time is up', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = createDocumentClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      requestHandler: { ...dynamoClientConfig.requestHandler, requestTimeout: 100 },
    });
    onTestFinished(() => {
      client.destroy();
      server.closeAllConnections();
      server.close();
    });
    const store = openDynamoStore({ client, tables: TABLES, clock: systemClock, random: systemRandom });
    await expect(store.apiKeys.find('hash')).rejects.toMatchObject({
      name: 'ServiceFault',
      cause: { name: 'TimeoutError' },
    });
    const { connectionTimeout, requestTimeout } = dynamoClientConfig.requestHandler;
    expect(dynamoClientConfig.maxAttempts * (connectionTimeout + requestTimeout)).toBeLessThanOrEqual(15_000);
  });
});
