import { expect } from 'vitest';
import type { AlertAddress } from '../../../lib/domain/alert-address.ts';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { OPERATIONAL_TYPES } from '../../../lib/domain/operational-event.ts';
import { pauseEndpoint, resumeEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { MAILS_AN_HOUR } from '../../../lib/pipeline/jobs/mail-alert.ts';
import { toldTo } from '../../support/alerts.ts';
import { Outbox } from '../../support/outbox.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REFUSED = new ServiceFault('SMTP: the server refused it with 550 (EENVELOPE)');

/** A deployment that sends mail, and a tenant that has confirmed its address. */
const test = base
  .override('settings', { consoleUrl: () => 'https://hooks.example.com/' })
  .extend('outbox', ({ world }) => {
    const outbox = new Outbox();
    world.ports.mailer = outbox;
    return outbox;
  })
  .extend('address', ({ world }) => async (changes: Partial<AlertAddress> = {}) => {
    const before = await world.ports.alertAddresses.get(TENANT);
    const alert: AlertAddress = {
      tenantId: TENANT,
      address: 'ops@example.com',
      types: OPERATIONAL_TYPES,
      confirmedAt: 1,
      askedAt: [],
      version: 'next',
      ...changes,
    };
    await world.ports.alertAddresses.replaceIfVersion(alert, before?.version);
  })
  .extend(
    'dead',
    ({ world }) =>
      () =>
        world.endpointAnswering(500, { retry: { delays: [] } }),
  );

async function pauseOne(world: World): Promise<Endpoint> {
  const endpoint = await world.endpointAnswering(200, { label: 'Orders' });
  await pauseEndpoint(world.ports, TENANT, endpoint.id);
  return endpoint;
}

test('a change of status is mailed to the confirmed address, with a link', async ({ world, outbox, address }) => {
  await address();
  const endpoint = await pauseOne(world);
  await world.run(world.process(), MINUTE);
  expect(outbox.mails).toMatchObject([{ to: 'ops@example.com', subject: 'Endpoint paused: Orders' }]);
  expect(outbox.mails[0]?.text).toContain(`https://hooks.example.com/#/endpoints/${endpoint.id}`);
  expect(outbox.mails[0]?.id).toMatch(/^evt_/);
});

test('nothing is mailed to an address that is not confirmed, is gone, or did not ask for it', async ({
  world,
  outbox,
  address,
}) => {
  const { ports } = world;
  const pausing = async () => {
    await pauseOne(world);
    await world.run(world.process(), MINUTE);
  };
  await pausing();
  await address({ types: ['postrider.delivery.exhausted'] });
  await pausing();
  const unconfirmed = { tenantId: TENANT, address: 'ops@example.com', types: OPERATIONAL_TYPES, askedAt: [] };
  await ports.alertAddresses.replaceIfVersion({ ...unconfirmed, version: 'later' }, 'next');
  await pausing();
  await ports.alertAddresses.remove(TENANT);
  await pausing();
  expect(outbox.calls).toBe(0);
});

test('exhausted deliveries are mailed at most once an endpoint and hour, with their number', async ({
  world,
  outbox,
  address,
  dead,
}) => {
  await address();
  await dead();
  const process = world.process();
  for (let n = 0; n < 3; n += 1) await process.ingest(world.request());
  await world.run(process, MINUTE);
  for (let n = 0; n < 5; n += 1) {
    await process.ingest(world.request());
    await world.run(process, MINUTE);
  }
  expect(outbox.mails.map(({ subject }) => subject.split(':')[0])).toEqual(['3 deliveries failed for good']);
  await world.run(process, HOUR);
  expect(outbox.mails.map(({ subject }) => subject.split(':')[0])).toEqual([
    '3 deliveries failed for good',
    '5 deliveries failed for good',
  ]);
});

test('a mail that is refused is tried again, and repeats no webhook and no other channel', async ({
  world,
  outbox,
  address,
}) => {
  await address();
  outbox.refusals.push(REFUSED, REFUSED);
  let published = 0;
  world.channels = {
    publish: async () => {
      published += 1;
      return 'taken';
    },
  };
  const owner = await world.endpointAnswering(200, { events: ['postrider.*'] });
  await pauseOne(world);
  const begin = world.clock.now();
  await world.run(world.process(), HOUR);
  expect(outbox).toMatchObject({ calls: 3, mails: [{ to: 'ops@example.com' }] });
  expect(published).toBe(1);
  expect(toldTo(world, owner.url).map(({ at }) => at)).toEqual([begin]);
  expect(world.customers.at(owner.url)).toHaveLength(1);
});

test('a mail server that hangs keeps no other alert waiting', async ({ world, outbox, address }) => {
  await address();
  let published = 0;
  world.channels = {
    publish: async () => {
      published += 1;
      return 'taken';
    },
  };
  outbox.send = async () => {
    // The other channel was handed the alert in the meantime.
    await Promise.resolve();
    expect(published).toBeGreaterThan(0);
    throw REFUSED;
  };
  await pauseOne(world);
  await pauseOne(world);
  await world.run(world.process(), MINUTE);
  expect(published).toBe(2);
});

test('a delivery says that its alert was mailed, or why it was not', async ({ world, outbox, address, dead }) => {
  await address();
  const endpoint = await dead();
  const process = world.process();
  const first = await process.ingest(world.request());
  await world.run(process, MINUTE);
  const told = await world.delivery(first.id, endpoint.id);
  expect(told?.alertSentAt).toBeTypeOf('number');
  expect(told?.alertError).toBeUndefined();
  outbox.refusals.push(...Array.from({ length: 100 }, () => REFUSED));
  const second = await process.ingest(world.request());
  await world.run(process, 3 * HOUR);
  const untold = await world.delivery(second.id, endpoint.id);
  expect(untold?.alertSentAt).toBeUndefined();
  expect(untold?.alertError).toBe(REFUSED.message);
  expect(outbox.calls).toBe(7);
});

test('a delivery of which nobody was told does not say that somebody was', async ({ world, outbox, dead }) => {
  const endpoint = await dead();
  const process = world.process();
  const { id } = await process.ingest(world.request());
  await world.run(process, HOUR);
  const delivery = await world.delivery(id, endpoint.id);
  expect(outbox.calls).toBe(0);
  expect(delivery?.alertSentAt).toBeUndefined();
  expect(delivery?.alertError).toBeUndefined();
});

test('a crowd of alerts is mailed thirty times an hour, and the last mail says so', async ({
  world,
  outbox,
  address,
}) => {
  await address();
  const endpoint = await world.endpointAnswering(200);
  const process = world.process();
  for (let n = 0; n < MAILS_AN_HOUR; n += 1) {
    await pauseEndpoint(world.ports, TENANT, endpoint.id);
    await resumeEndpoint(world.ports, TENANT, endpoint.id, 'release');
    await world.run(process, 2000);
  }
  await world.run(process, 2 * MINUTE);
  expect(outbox.mails).toHaveLength(MAILS_AN_HOUR);
  expect(outbox.mails.map(({ text }) => text.includes('the last mail for now')).indexOf(true)).toBe(MAILS_AN_HOUR - 1);
  expect(world.log.named('job.alert-not-mailed')).toHaveLength(MAILS_AN_HOUR);
  await world.run(process, HOUR);
  await pauseEndpoint(world.ports, TENANT, endpoint.id);
  await world.run(process, MINUTE);
  expect(outbox.mails).toHaveLength(MAILS_AN_HOUR + 1);
});

test('no mail and no log line has what an event said, and no line has the address', async ({
  world,
  outbox,
  address,
  dead,
}) => {
  await address();
  outbox.refusals.push(REFUSED);
  await dead();
  const process = world.process();
  const data = JSON.stringify({ secret: 'a-payload-of-a-customer' });
  await process.ingest({ tenantId: TENANT, event: { type: 'task.completed', data } });
  await world.run(process, HOUR);
  expect(outbox.mails).toHaveLength(1);
  expect(JSON.stringify(outbox.mails)).not.toContain('a-payload-of-a-customer');
  const lines = JSON.stringify(world.log.lines, (_, value: unknown) =>
    value instanceof Error ? `${value.stack}` : value,
  );
  expect(lines).toContain('550');
  expect(lines).not.toContain('ops@example.com');
});
