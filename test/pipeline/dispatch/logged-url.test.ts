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
