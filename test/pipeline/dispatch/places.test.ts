import { describe, expect, test } from 'vitest';
import { type EndOfTurn, type Place, Places } from '../../../lib/pipeline/dispatch/places.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const endpoint = (id: string, tenantId = 'acme') => ({ tenantId, id });

/** Two places an endpoint and three a tenant, all taken: two of `a`, one of `b`; so many may wait. */
function openFull(attemptsInLine: number, endOfTurn?: EndOfTurn) {
  const clock = new VirtualClock();
  const places = new Places(
    { requestsPerEndpoint: 2, requestsPerTenant: 3, requestsAtOnce: Number.POSITIVE_INFINITY, attemptsInLine },
    clock,
    undefined,
    endOfTurn,
  );
  const [a1, a2, b] = ['a', 'a', 'b'].map((id) => places.take(endpoint(id)) as Place) as [Place, Place, Place];
  const given: string[] = [];
  const wait = (id: string) => {
    const waiting = places.waitFor(endpoint(id));
    void waiting?.then((place) => given.push(place ? id : `${id} in vain`));
    return waiting;
  };
  return { clock, places, a1, a2, b, wait, given };
}

describe('the line for a place', () => {
  test('gives what is left to whoever has waited longest, past those whose endpoint has no place', async () => {
    const { places, a1, b, wait, given } = openFull(3);
    wait('a');
    wait('c');
    wait('b');
    b.leave();
    await Promise.resolve();
    expect(given).toEqual(['c']);
    a1.leave();
    await Promise.resolve();
    expect(given).toEqual(['c', 'a']);
    expect(places.take(endpoint('b'))).toBeUndefined();
  });

  test('is of one tenant: no place of another becomes free by its waiting', async () => {
    const { places, wait, given, b } = openFull(1);
    const other = places.take(endpoint('x', 'other'));
    wait('b');
    other?.leave();
    await Promise.resolve();
    expect(given).toEqual([]);
    b.leave();
    await Promise.resolve();
    expect(given).toEqual(['b']);
  });

  test('is as long as it may be, and without one nobody waits', () => {
    const { wait } = openFull(2);
    expect([wait('a'), wait('b'), wait('c')].map((waiting) => waiting !== undefined)).toEqual([true, true, false]);
    expect(openFull(0).wait('a')).toBeUndefined();
  });

  test('is left after half a second, and nobody waits for ten seconds after that', async () => {
    const { clock, wait, given } = openFull(5);
    wait('a');
    await clock.advance(499);
    expect(given).toEqual([]);
    await clock.advance(1);
    expect(given).toEqual(['a in vain']);
    expect(wait('a')).toBeUndefined();
    // Nobody has waited in vain for a place of the tenant.
    expect(wait('c')).toBeDefined();
    await clock.advance(9_999);
    expect(wait('a')).toBeUndefined();
    await clock.advance(1);
    expect(wait('a')).toBeDefined();
  });

  test('is not left while it moves: a burst for an endpoint that answers at once is served by it', async () => {
    const { clock, a1, a2, wait, given } = openFull(5);
    wait('a');
    wait('a');
    await clock.advance(400);
    a1.leave();
    await clock.advance(500);
    expect(given).toEqual(['a']);
    a2.leave();
    await Promise.resolve();
    expect(given).toEqual(['a', 'a']);
    expect(wait('a')).toBeDefined();
  });

  test('is left once it has stopped', async () => {
    const { clock, a1, wait, given } = openFull(5);
    wait('a');
    wait('a');
    await clock.advance(400);
    a1.leave();
    await clock.advance(599);
    expect(given).toEqual(['a']);
    await clock.advance(1);
    expect(given).toEqual(['a', 'a in vain']);
    expect(wait('a')).toBeUndefined();
  });

  test('gets what is left in a turn at its end, in the order in which they came, and nobody takes it before', async () => {
    const atEnd: (() => void)[] = [];
    const { a1, b, wait, given } = openFull(3, (work) => void atEnd.push(work));
    for (const id of ['c', 'd', 'e']) wait(id);
    a1.leave();
    b.leave();
    await Promise.resolve();
    expect([given, atEnd.length]).toEqual([[], 1]);
    for (const end of atEnd.splice(0)) end();
    await Promise.resolve();
    expect(given).toEqual(['c', 'd']);
  });

  test('is before whoever comes while a place is left, who then finds none', async () => {
    const atEnd: (() => void)[] = [];
    const { places, a1, a2, wait, given } = openFull(3, (work) => void atEnd.push(work));
    wait('c');
    a1.leave();
    expect(places.take(endpoint('x'))).toBeUndefined();
    await Promise.resolve();
    expect(given).toEqual(['c']);
    a2.leave();
    expect(places.take(endpoint('x'))).toBeDefined();
    for (const end of atEnd.splice(0)) end();
    expect(places.take(endpoint('y'))).toBeUndefined();
  });

  test('moves also when all places of an endpoint are left in one turn', async () => {
    const atEnd: (() => void)[] = [];
    const { clock, a1, a2, wait, given } = openFull(9, (work) => void atEnd.push(work));
    for (let n = 0; n < 3; n += 1) wait('a');
    a1.leave();
    a2.leave();
    for (const end of atEnd.splice(0)) end();
    await clock.advance(500);
    expect(given).toEqual(['a', 'a']);
    expect(wait('a')).toBeDefined();
  });

  test('gets what is left before anybody gives up in it', async () => {
    const { clock, a1, wait, given } = openFull(9, () => undefined);
    for (let n = 0; n < 2; n += 1) wait('a');
    await clock.advance(499);
    a1.leave();
    await clock.advance(1);
    expect(given).toEqual(['a']);
    expect(wait('a')).toBeDefined();
  });

  test('of each tenant gets what is left of its places in one turn', async () => {
    const atEnd: (() => void)[] = [];
    const { places, a1, wait, given } = openFull(9, (work) => void atEnd.push(work));
    const others = ['x', 'y', 'z'].map((id) => places.take(endpoint(id, 'other')));
    wait('c');
    void places.waitFor(endpoint('w', 'other'))?.then(() => given.push('of the other'));
    a1.leave();
    others[0]?.leave();
    for (const end of atEnd.splice(0)) end();
    await Promise.resolve();
    expect(given).toEqual(['c', 'of the other']);
  });

  test('is one that nobody has waited in once all places of an endpoint are left and nobody wants one', async () => {
    const atEnd: (() => void)[] = [];
    const { clock, places, a1, a2, b, wait, given } = openFull(9, (work) => void atEnd.push(work));
    wait('a');
    await clock.advance(500);
    wait('c');
    a1.leave();
    a2.leave();
    for (const end of atEnd.splice(0)) end();
    b.leave();
    await Promise.resolve();
    expect(given).toEqual(['a in vain', 'c']);
    expect([places.take(endpoint('a')), places.take(endpoint('a'))]).not.toContain(undefined);
    expect(wait('a')).toBeDefined();
  });

  test('a place that was given in time stays taken, and its timer takes nothing away', async () => {
    const { clock, places, a1, wait, given } = openFull(1);
    const place = wait('a');
    a1.leave();
    await clock.advance(10_000);
    expect(given).toEqual(['a']);
    expect(places.take(endpoint('a'))).toBeUndefined();
    (await place)?.leave();
    expect(places.take(endpoint('a'))).toBeDefined();
  });
});

test('many tenants together leave a share for the next one, and one alone gets what a tenant may have', () => {
  const limits = { requestsPerEndpoint: 64, requestsPerTenant: 160, requestsAtOnce: 320, attemptsInLine: 0 };
  const takeAll = (places: Places, tenantId: string) => {
    let taken = 0;
    for (let n = 0; n < 1000; n += 1) if (places.take(endpoint(`ep_${n % 10}`, tenantId))) taken += 1;
    return taken;
  };
  expect(takeAll(new Places(limits, new VirtualClock()), 'alone')).toBe(160);
  const places = new Places(limits, new VirtualClock());
  const taken = Array.from({ length: 6 }, (_, n) => takeAll(places, `hanging_${n}`));
  expect(taken).toEqual([160, 80, 40, 20, 10, 5]);
  expect(takeAll(places, 'next')).toBeGreaterThan(0);
});
