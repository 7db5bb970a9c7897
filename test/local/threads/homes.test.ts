import { expect, test } from 'vitest';
import { type Home, Homes } from '../../../lib/local/threads/homes.ts';
import type { DeliveryThread } from '../../../lib/local/threads/thread.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const thread = {} as DeliveryThread;

/** Homes whose tenants should be in the main thread, until they should be in the other one. */
function openHomes() {
  const clock = new VirtualClock();
  const homes = new Homes(clock);
  let wanted: Home = 'main';
  const entered: Home[] = [];
  return {
    clock,
    homes,
    entered,
    want: (home: Home) => (wanted = home),
    enter: async (tenantId = 'acme') => {
      entered.push(await homes.enter(tenantId, () => wanted));
    },
  };
}

test('a tenant with something under way moves once nothing is, and what came meanwhile goes where it moves', async () => {
  const { homes, enter, want, entered } = openHomes();
  await enter();
  await enter();
  want(thread);
  const waiting = [enter(), enter()];
  homes.leave('acme');
  await Promise.resolve();
  expect(entered).toEqual(['main', 'main']);
  homes.leave('acme');
  await Promise.all(waiting);
  expect(entered).toEqual(['main', 'main', thread, thread]);
});

test('another tenant does not wait for one that moves', async () => {
  const { enter, want, entered } = openHomes();
  await enter('acme');
  want(thread);
  void enter('acme');
  await enter('other');
  expect(entered).toEqual(['main', thread]);
});

test('a tenant whose requests take long stays after a moment, and tries again later and later', async () => {
  const { clock, homes, enter, want, entered } = openHomes();
  await enter();
  want(thread);
  const late = enter();
  await clock.advance(249);
  expect(entered).toHaveLength(1);
  await clock.advance(1);
  await late;
  expect(entered).toEqual(['main', 'main']);
  await clock.advance(4999);
  await enter();
  expect(entered).toHaveLength(3);
  await clock.advance(1);
  void enter();
  await clock.advance(250);
  expect(entered).toEqual(['main', 'main', 'main', 'main']);
  await clock.advance(9999);
  await enter();
  expect(entered).toHaveLength(5);
  for (let left = 0; left < 5; left += 1) homes.leave('acme');
  await enter();
  expect(entered.at(-1)).toBe(thread);
});

test('the places of the process are shared by the homes in which something is under way', async () => {
  const { homes, enter, want } = openHomes();
  expect(homes.inUse).toBe(1);
  await enter('acme');
  want(thread);
  await enter('other');
  expect(homes.inUse).toBe(2);
  homes.leave('acme');
  expect(homes.inUse).toBe(1);
});

test('a home is empty when every tenant has left it', async () => {
  const { homes, enter } = openHomes();
  expect(homes.isEmpty('main')).toBe(true);
  await enter('acme');
  await enter('other');
  homes.leave('acme');
  expect(homes.isEmpty('main')).toBe(false);
  homes.leave('other');
  expect(homes.isEmpty('main')).toBe(true);
});
