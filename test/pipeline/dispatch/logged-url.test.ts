import { expect, onTestFinished, test } from 'vitest';
import { World } from '../../support/world.ts';

test('the line of an attempt shows neither the query of the endpoint’s URL nor a user in it', async () => {
  const world = new World();
  onTestFinished(() => world.close());
  const process = world.process();
  const url = world.customers.open('a', () => 200);
  await world.endpoint({ url: `${url}?token=secret` });
  await process.ingest(world.request('task.completed'));
  await world.drain(process);
  const [line] = world.log.named('dispatch.attempt');
  expect(line?.fields.url).toBe(url);
  expect(JSON.stringify(world.log.lines)).not.toContain('secret');
});

test('the address that a host resolved to stands in the log of a refused attempt, and nowhere that its tenant reads', async () => {
  const refused = { kind: 'error', error: 'dns', message: 'not public', durationMs: 1 } as const;
  const world = new World();
  onTestFinished(() => world.close());
  const process = world.process(undefined, async (call, run) =>
    call.port === 'sender' ? { ...refused, refusedAddress: '10.20.30.40' } : run(),
  );
  const { id: endpointId, tenantId } = await world.endpoint({ url: 'https://hooks.example/' });
  const accepted = await process.ingest(world.request('task.completed'));
  await process.handle('deliveries', await world.store.queues.receive('deliveries', 10));
  const [line] = world.log.named('dispatch.attempt');
  expect(line?.fields).toMatchObject({ error_kind: 'dns', refused_address: '10.20.30.40' });
  const record = await world.ports.deliveries.get({ tenantId, endpointId, eventId: accepted.id, ordinal: 0 });
  expect(record?.attempts).toMatchObject([{ errorKind: 'dns', errorMessage: 'not public' }]);
  expect(JSON.stringify(record)).not.toContain('10.20.30.40');
});
