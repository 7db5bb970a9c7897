import { describe, expect, test } from 'vitest';
import { acceptsEvents } from '../../lib/domain/endpoint.ts';
import { compileFilter, createFilterTest } from '../../lib/domain/filter/filter.ts';
import { matches } from '../../lib/domain/subscription.ts';
import { changeStatus } from '../../lib/pipeline/endpoints/change-status.ts';
import { createEndpoint } from '../../lib/pipeline/endpoints/create.ts';
import { createEndpointOnce } from '../../lib/pipeline/endpoints/create-once.ts';
import { deleteEndpoint, disableEndpoint, enableEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { updateEndpoint } from '../../lib/pipeline/endpoints/update.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { isLong } from '../support/extent.ts';
import type { CrashPlan, PortCall } from '../support/fault-injection.ts';
import { type Process, TENANT, type World } from '../support/world.ts';
import { type Backend, inWorld } from './backend.ts';

const HOUR = 3_600_000;
const INPUT = { url: 'https://new.example', events: ['*'], dialect: 'standard', timeoutSeconds: 10 };

/** A change of what events are matched with, and the status that the endpoint has before it. */
const CHANGES: [string, 'active' | 'disabled', (ports: Ports, id: string) => Promise<unknown>][] = [
  ['create', 'active', (ports) => createEndpoint(ports, TENANT, INPUT, 100, 1)],
  ['edit', 'active', (ports, id) => updateEndpoint(ports, TENANT, id, { events: ['order.*'] })],
  ['edit of the filter', 'active', (ports, id) => updateEndpoint(ports, TENANT, id, { filter: '{"n":2}' })],
  ['disable', 'active', (ports, id) => disableEndpoint(ports, TENANT, id)],
  ['enable', 'disabled', (ports, id) => enableEndpoint(ports, TENANT, id)],
  ['delete', 'active', (ports, id) => deleteEndpoint(ports, TENANT, id)],
  ['410', 'active', (ports, id) => changeStatus(ports, TENANT, id, 'gone', 1)],
];

/** Makes a change in a process that dies as planned; nobody repeats it. */
function makeChange(backend: Backend, [, status, change]: (typeof CHANGES)[number], plan?: CrashPlan) {
  return inWorld(backend, undefined, async (world): Promise<PortCall[]> => {
    const { id } = await world.endpointAnswering(200);
    if (status === 'disabled') await disableEndpoint(world.ports, TENANT, id);
    const knowing = world.process();
    await knowing.ingest(world.request());
    const process = world.process(plan);
    try {
      await change(process.ports, id);
    } catch (error) {
      if (!process.life.dead) throw error;
    }
    expect(process.life.dead, 'dies as planned').toBe(plan !== undefined);
    await world.run(world.process(), HOUR);
    await expectAgreement(world, knowing);
    return process.life.calls;
  });
}

/** A process that has cached the tenant, and one that has not, match with the endpoints as they are. */
async function expectAgreement(world: World, knowing: Process): Promise<void> {
  const request = world.request('order.paid');
  const { endpoints } = await world.store.endpoints.page(TENANT, undefined, 100);
  const passes = createFilterTest(request.event.data);
  const meant = endpoints.filter(
    (endpoint) =>
      acceptsEvents(endpoint) &&
      matches(endpoint, request.event) &&
      (endpoint.filter === undefined || passes(compileFilter(endpoint.filter))),
  );
  for (const process of [knowing, world.process()]) {
    const { id } = await process.ingest(request);
    expect((await world.store.events.get(TENANT, id))?.endpointIds).toEqual(meant.map((one) => one.id).toSorted());
  }
  expect(world.count('jobs')).toBe(0);
}

const KEYED = { key: 'key', call: 'create', hash: 'hash' };

/** A call that finds its change made, by what made it. */
const REPEATED: [string, (ports: Ports, id: string) => Promise<unknown>][] = [
  ['enable of an active endpoint', (ports, id) => enableEndpoint(ports, TENANT, id)],
  ['create with a key that was used', (ports) => createEndpointOnce(ports, TENANT, INPUT, 100, KEYED)],
];

/** Repeats a call in a process before whose put of the subscription another one shuts the endpoint, and which dies after it. */
function repeatBesideDisable(backend: Backend, repeat: (ports: Ports, id: string) => Promise<unknown>) {
  return inWorld(backend, undefined, async (world) => {
    const { id } = (await createEndpointOnce(world.ports, TENANT, INPUT, 100, KEYED)).endpoint;
    const knowing = world.process();
    await knowing.ingest(world.request());
    const trial = world.process();
    await repeat(trial.ports, id);
    const index = trial.life.calls.findIndex(({ method }) => method === 'putUnlessNewer');
    const process = world.process({ index, moment: 'after' }, async ({ method }, run) => {
      if (method === 'putUnlessNewer') await disableEndpoint(world.ports, TENANT, id);
      return run();
    });
    await repeat(process.ports, id).catch(() => undefined);
    expect(process.life.dead).toBe(true);
    await world.run(world.process(), HOUR);
    await expectAgreement(world, knowing);
  });
}

/** @param names of the changes; default: all */
export function describeMatching(backend: Backend, names = CHANGES.map(([name]) => name)): void {
  describe.each(CHANGES.filter(([name]) => names.includes(name)))(
    'a process that dies at any port call of its change, never repeated: %s',
    (...change) => {
      test('what is matched agrees with the endpoint an hour later', { timeout: backend.timeoutMs }, async () => {
        const calls = await makeChange(backend, change);
        expect(calls.length).toBeGreaterThan(5);
        for (const { index, port, method } of isLong ? calls : backend.crashPoints(calls)) {
          for (const moment of ['before', 'after'] as const) {
            try {
              await makeChange(backend, change, { index, moment });
            } catch (cause) {
              throw new Error(`dead ${moment} call ${index}, ${port}.${method}`, { cause });
            }
          }
        }
      });
    },
  );

  test.each(REPEATED)(
    'a process that dies beside one that shuts the endpoint, after it has put its subscription: %s',
    { timeout: backend.timeoutMs },
    (_, repeat) => repeatBesideDisable(backend, repeat),
  );
}
