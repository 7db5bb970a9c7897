import { makeApiKey } from '../../../lib/api/auth/make-api-key.ts';
import type { AlertAddress } from '../../../lib/domain/alert-address.ts';
import { type Endpoint, POLL_URL } from '../../../lib/domain/endpoint.ts';
import { positionAt } from '../../../lib/domain/poll-position.ts';
import { makeSession, openSession } from '../../../lib/api/auth/make-session.ts';
import type { SecondFactor } from '../../../lib/domain/second-factor.ts';
import { createEndpoint } from '../../../lib/pipeline/endpoints/create.ts';
import type { NewEndpoint } from '../../../lib/pipeline/endpoints/new-endpoint.ts';
import { deleteEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { startBulkRetry } from '../../../lib/pipeline/manual/bulk-jobs.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { type Answer, behaviourOf } from '../../support/customers.ts';
import type { Process, World } from '../../support/world.ts';

const LARGE = 1000;

/** A text that is found again wherever it was stored; no other tenant has the same. */
const canary = (tenantId: string, what: string) => `canary-${what}-of-${tenantId}`;

/** An endpoint of a tenant, whose customer answers so. */
export function endpointOf(world: World, tenantId: string, answer: Answer, input: Partial<NewEndpoint> = {}) {
  const host = canary(tenantId, `customer-${(made += 1)}`).replaceAll('_', '-');
  const url = world.customers.open(host, behaviourOf(answer));
  const full: NewEndpoint = { events: ['*'], dialect: 'standard', timeoutSeconds: 10, ...input, url };
  return createEndpoint(world.ports, tenantId, full, 100).then(({ endpoint }) => endpoint);
}
let made = 0;

export function post(process: Process, tenantId: string, times = 1, key?: string) {
  const data = JSON.stringify({ text: canary(tenantId, 'data').repeat(times) });
  const event = {
    type: 'task.completed',
    data,
    externalId: canary(tenantId, 'external'),
    trace: `"${canary(tenantId, 'trace')}"`,
  };
  return process.ingest({ tenantId, event, ...(key !== undefined && { idempotencyKey: key }) });
}

/** One of everything that a tenant can have. */
export async function furnish(world: World, process: Process, tenantId: string): Promise<Endpoint[]> {
  const { ports } = world;
  await ports.tenants.registerUnlessThere({
    id: tenantId,
    name: canary(tenantId, 'name'),
    registeredAt: world.clock.now(),
  });
  await ports.subscriptions.setQuota(tenantId, 1000);
  await ports.subscriptions.setEventTypePolicy(tenantId, { dataCheck: 'warn' });
  const { key } = await makeApiKey(ports, { tenantId, name: canary(tenantId, 'key') });
  await ports.apiKeys.noteUse(key.hash, 1, 1);
  const maker = { id: key.id, scopes: key.scopes };
  const theme = { name: canary(tenantId, 'theme') };
  const { session } = await makeSession(ports, {
    tenantId,
    user: canary(tenantId, 'user'),
    access: 'read',
    theme,
    maker,
  });
  await openSession(ports, tenantId, session.id);
  await ports.factors.replaceIfVersion(factorOf(tenantId), undefined);
  await ports.alertAddresses.replaceIfVersion(alertAddressOf(tenantId), undefined);
  await ports.eventTypes.putUnlessExists({
    tenantId,
    type: canary(tenantId, 'type'),
    description: canary(tenantId, 'description'),
    isDeprecated: false,
    createdAt: 1,
    updatedAt: 1,
  });
  const refusing = { status: 500, body: canary(tenantId, 'answer') };
  const labels = { label: canary(tenantId, 'label'), metadata: { note: canary(tenantId, 'metadata') } };
  const endpoints = [
    await endpointOf(world, tenantId, 200, { ...labels, headers: { 'x-canary': canary(tenantId, 'header') } }),
    await endpointOf(world, tenantId, refusing, { retry: { delays: [7200] }, rateLimitPerSecond: 50 }),
    await endpointOf(world, tenantId, refusing, { retry: { delays: [] } }),
    await endpointOf(world, tenantId, 200, labels),
  ];
  await deleteEndpoint(ports, tenantId, endpoints[3]?.id ?? '');
  await post(process, tenantId, 1, canary(tenantId, 'idempotency'));
  const { id } = await post(process, tenantId, LARGE);
  await world.drain(process);
  await ports.events.addEndpointUnlessThere(tenantId, id, endpoints[3]?.id ?? '');
  const place = { tenantId, eventId: id, token: canary(tenantId, 'token'), index: 0 };
  await ports.events.putEndpointPage(place, [endpoints[0]?.id ?? '']);
  await startBulkRetry(ports, tenantId, { status: 'exhausted', eventType: canary(tenantId, 'selection') });
  await ports.numbers.numbersOf(
    { tenantId, kind: 'endpoint' },
    endpoints.map((one) => one.id),
  );
  await ports.numbers.numbersOf({ tenantId, kind: 'delivery' }, [canary(tenantId, 'delivery')]);
  await ports.brakes.set({ tenantId }, world.clock.now());
  await ports.quotas.add(tenantId, 1, 1, 'tests');
  await ports.quotas.add(tenantId, 1, 1, 'alerts');
  await ports.quotas.add(tenantId, 1, 1, 'mails');
  return [...endpoints, await polledOf(world, process, tenantId)];
}

/** An endpoint that is polled, with an entry, consumers, and one that is settled. */
async function polledOf(world: World, process: Process, tenantId: string): Promise<Endpoint> {
  const full: NewEndpoint = { kind: 'poll', url: POLL_URL, events: ['*'], dialect: 'standard', timeoutSeconds: 10 };
  const { endpoint } = await createEndpoint(world.ports, tenantId, full, 100);
  const { id: eventId } = await post(process, tenantId);
  const place = { tenantId, endpointId: endpoint.id };
  const entry = { ...place, eventId, ordinal: 1, eventType: canary(tenantId, 'entry'), writtenAt: world.clock.now() };
  await world.ports.polls.add([entry]);
  const position = positionAt(world.clock.now());
  const name = canary(tenantId, 'consumer');
  await world.ports.polls.putConsumer({ ...place, name, position, committedAt: world.clock.now() });
  await world.ports.polls.putSettled(place, { ...position, given: { 1: canary(tenantId, 'settled') } });
  return endpoint;
}

function factorOf(tenantId: string): SecondFactor {
  return {
    id: canary(tenantId, 'factor'),
    tenantId,
    status: 'on',
    sealedSecret: canary(tenantId, 'totp'),
    createdAt: 1,
    lastStep: 0,
    recoveryHashes: [],
    wrongAt: [],
    stepUps: {},
    version: '1',
  };
}

function alertAddressOf(tenantId: string): AlertAddress {
  const address = `${canary(tenantId, 'address')}@example.com`;
  return { tenantId, address, types: [], confirmedAt: 1, askedAt: [1], version: '1' };
}

/** What the ports still show of a tenant, by what it is; empty when nothing is left but a tombstone and a job. */
export async function leftOf(
  {
    endpoints,
    events,
    deliveries,
    apiKeys,
    sessions,
    factors,
    alertAddresses,
    eventTypes,
    numbers,
    subscriptions,
    brakes,
  }: Ports,
  tenantId: string,
  known: readonly Endpoint[],
): Promise<string[]> {
  const pages = await Promise.all(known.map(({ id }) => deliveries.pageOfEndpoint(tenantId, id, undefined, 10)));
  const shards = await Promise.all([0, 1].map((shard) => subscriptions.ofShard(tenantId, shard)));
  const found: Record<string, number> = {
    endpoints: (await endpoints.page(tenantId, undefined, 10)).endpoints.length,
    events: (await events.page(tenantId, { limit: 10 })).length,
    deliveries: pages.flat().length,
    keys: (await apiKeys.page(tenantId, undefined, 10)).keys.length,
    sessions: (await sessions.page(tenantId, undefined, 10)).length,
    factor: (await factors.get(tenantId)) ? 1 : 0,
    address: (await alertAddresses.get(tenantId)) ? 1 : 0,
    types: (await eventTypes.page(tenantId, undefined, 10)).length,
    numbers: (await numbers.latest({ tenantId, kind: 'endpoint' }, 10)).length,
    subscriptions: shards.flat().length,
    brake: (await brakes.get({ tenantId })) === undefined ? 0 : 1,
  };
  return Object.keys(found).filter((what) => found[what] !== 0);
}
