import { describe, expect, test } from 'vitest';
import { rowsFor } from '../../../lib/local/threads/delivery-threads.ts';
import { SharedPlaces, emptyRow, newPlacesMemory } from '../../../lib/local/threads/shared-places.ts';
import { type OthersInFlight, type Place, type PlaceLimits, Places } from '../../../lib/pipeline/dispatch/places.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const LIMITS: PlaceLimits = { requestsPerEndpoint: 3, requestsPerTenant: 5, requestsAtOnce: 12, attemptsInLine: 20 };

/** The main thread and two others, over one memory. */
function openPlaces(limits: Partial<PlaceLimits> = {}) {
  const clock = new VirtualClock();
  const memory = newPlacesMemory(rowsFor(2));
  const newPlaces = (row: number) => new Places({ ...LIMITS, ...limits }, clock, new SharedPlaces(memory, row));
  const [main, one, other] = [newPlaces(0), newPlaces(1), newPlaces(2)];
  /** What a thread sees that has nothing in flight itself. */
  const seen = (tenantId: string, id: string) => new SharedPlaces(memory, 4).count(`${tenantId} ${id}`, tenantId);
  return { clock, memory, newPlaces, main, one, other, seen };
}

const of = (tenantId: string, id: string) => ({ tenantId, id });
const acme = of('acme', 'ep_1');

const takeAll = (places: Places, addressee = acme) => {
  const taken: Place[] = [];
  for (let place = places.take(addressee); place; place = places.take(addressee)) taken.push(place);
  return taken;
};

/** Another endpoint of the tenant that has the same count. */
function twinOf(tenantId: string, id: string): string {
  const memory = newPlacesMemory(2);
  new SharedPlaces(memory, 1).add(`${tenantId} ${id}`, tenantId);
  const seen = new SharedPlaces(memory, 0);
  for (let n = 0; ; n += 1) {
    const twin = `twin_${n}`;
    if (seen.count(`${tenantId} ${twin}`, tenantId).ofEndpoint > 0) return twin;
  }
}

describe('the places of threads that share their counts', () => {
  test('an endpoint, a tenant and the process have their limits among all threads', () => {
    const { main, one, other } = openPlaces();
    expect([takeAll(one).length, takeAll(other).length, takeAll(main).length]).toEqual([3, 0, 0]);
    expect([takeAll(main, of('acme', 'ep_2')).length, takeAll(one, of('acme', 'ep_3')).length]).toEqual([2, 0]);
    // Of the 7 that the process has left, a tenant may have no more than are left.
    const left = ['b', 'c', 'd', 'e', 'f'].map((tenant) => takeAll(other, of(tenant, tenant)).length);
    expect(left).toEqual([3, 2, 1, 1, 0]);
  });

  test.each([1, 2, 3, 4, 5])('no limit is exceeded, whoever takes and leaves in whatever order (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random.fraction() * list.length)] as T;
    const { main, one, other, seen } = openPlaces();
    const held: { place: Place; tenant: string; id: string }[] = [];
    let refused = 0;
    for (let step = 0; step < 5000; step += 1) {
      if (random.fraction() < 0.45 && held.length > 0) {
        const [left] = held.splice(Math.floor(random.fraction() * held.length), 1);
        left?.place.leave();
        // A second time changes nothing.
        left?.place.leave();
      } else {
        const [tenant, id] = [pick(['acme', 'globex', 'initech', 'hooli']), pick(['ep_1', 'ep_2', 'ep_3'])];
        const place = pick([main, one, other]).take(of(tenant, id));
        if (place) held.push({ place, tenant, id });
        else refused += 1;
      }
      const last = held.at(-1);
      if (!last) continue;
      const ofTenant = held.filter(({ tenant }) => tenant === last.tenant);
      const ofEndpoint = ofTenant.filter(({ id }) => id === last.id);
      expect(ofEndpoint.length).toBeLessThanOrEqual(LIMITS.requestsPerEndpoint);
      expect(ofTenant.length).toBeLessThanOrEqual(LIMITS.requestsPerTenant);
      expect(held.length).toBeLessThanOrEqual(LIMITS.requestsAtOnce);
      expect(seen(last.tenant, last.id)).toEqual({
        ofEndpoint: ofEndpoint.length,
        ofTenant: ofTenant.length,
        all: held.length,
      });
    }
    expect(refused).toBeGreaterThan(100);
    for (const { place } of held) place.leave();
    expect(seen('acme', 'ep_1')).toEqual({ ofEndpoint: 0, ofTenant: 0, all: 0 });
  });

  test.each(['before add', 'after add', 'before count', 'after count'])(
    'two that count at once do not both take the last place: one comes between, %s',
    (moment) => {
      const memory = newPlacesMemory(2);
      const clock = new VirtualClock();
      const limits = { ...LIMITS, requestsPerEndpoint: 1 };
      const other = new Places(limits, clock, new SharedPlaces(memory, 1));
      let taken: Place | undefined;
      const at = (now: string) => {
        if (now === moment) taken = other.take(acme);
      };
      const shared = new SharedPlaces(memory, 0);
      const interrupted: OthersInFlight = {
        add(endpoint, tenantId) {
          at('before add');
          shared.add(endpoint, tenantId);
          at('after add');
        },
        count(endpoint, tenantId) {
          at('before count');
          const count = shared.count(endpoint, tenantId);
          at('after count');
          return count;
        },
        remove: (endpoint, tenantId) => shared.remove(endpoint, tenantId),
        leave: (endpoint, tenantId) => shared.leave(endpoint, tenantId),
        left: (tenantId) => shared.left(tenantId),
      };
      const place = new Places(limits, clock, interrupted).take(acme);
      expect([place, taken].filter(Boolean)).toHaveLength(1);
    },
  );

  test('two endpoints that are counted as one have the limit of one while both have requests in flight, and no more', () => {
    const { main, one } = openPlaces({ requestsPerTenant: 100, requestsAtOnce: 100 });
    const twin = of('acme', twinOf('acme', 'ep_1'));
    expect(takeAll(one)).toHaveLength(3);
    expect(takeAll(main, twin)).toHaveLength(0);
    // In one thread, each is counted by its name.
    const ofTwin = takeAll(one, twin);
    expect(ofTwin).toHaveLength(3);
    for (const place of ofTwin) place.leave();
    expect(takeAll(main, of('acme', 'ep_2'))).toHaveLength(3);
  });

  test('a thread that has died has nothing in flight: its row is empty, and those of the others stay', () => {
    const { memory, main, one, other, seen } = openPlaces();
    takeAll(one);
    takeAll(other, of('acme', 'ep_2'));
    expect(main.take(acme)).toBeUndefined();
    emptyRow(memory, 1);
    expect(seen('acme', 'ep_2')).toEqual({ ofEndpoint: 2, ofTenant: 2, all: 2 });
    expect(takeAll(main)).toHaveLength(3);
  });

  test('the main thread, each thread and each that is ending have a row of their own', () => {
    expect(rowsFor(2)).toBe(5);
    const memory = newPlacesMemory(rowsFor(2));
    for (let row = 0; row < rowsFor(2); row += 1) new SharedPlaces(memory, row).add('acme ep_1', 'acme');
    expect(new SharedPlaces(memory, 0).count('acme ep_1', 'acme').all).toBe(rowsFor(2) - 1);
  });

  test('an attempt that waits gets the place that another thread has left', async () => {
    const { clock, main, one } = openPlaces();
    const [first] = takeAll(one);
    const waiting = main.waitFor(acme);
    let given: Place | undefined;
    void waiting?.then((place) => (given = place));
    await clock.advance(100);
    expect(given).toBeUndefined();
    first?.leave();
    await clock.advance(10);
    expect(given).toBeDefined();
    expect(one.take(acme)).toBeUndefined();
    given?.leave();
    expect(one.take(acme)).toBeDefined();
  });

  test('an attempt that waits for places of another thread alone waits for half a second', async () => {
    const { clock, main, one } = openPlaces();
    takeAll(one);
    const outcomes: (Place | undefined)[] = [];
    void main.waitFor(acme)?.then((place) => outcomes.push(place));
    await clock.advance(499);
    expect(outcomes).toEqual([]);
    await clock.advance(1);
    expect(outcomes).toEqual([undefined]);
    // Nobody looks any more.
    expect(clock.nextWakeAt()).toBeUndefined();
  });

  test('an attempt waits on while another thread leaves places, though each is taken there again', async () => {
    const { clock, main, one } = openPlaces();
    const held = takeAll(one);
    const outcomes: (Place | undefined)[] = [];
    void main.waitFor(acme)?.then((place) => outcomes.push(place));
    for (let n = 0; n < 8; n += 1) {
      await clock.advance(250);
      held.shift()?.leave();
      held.push(...takeAll(one));
    }
    expect(outcomes).toEqual([]);
    held.shift()?.leave();
    await clock.advance(10);
    expect(outcomes).toEqual([expect.objectContaining({ leave: expect.any(Function) })]);
  });

  test('a line that moves still moves when a thread dies that had left places in it', async () => {
    const { clock, memory, main, one, other } = openPlaces();
    for (let n = 0; n < 20; n += 1) one.take(acme)?.leave();
    const held = takeAll(other);
    const outcomes: (Place | undefined)[] = [];
    void main.waitFor(acme)?.then((place) => outcomes.push(place));
    for (let n = 0; n < 8; n += 1) {
      await clock.advance(250);
      if (n === 0) emptyRow(memory, 1);
      held.shift()?.leave();
      held.push(...takeAll(other));
    }
    expect(outcomes).toEqual([]);
    expect(main.waitFor(acme)).toBeDefined();
  });
});
