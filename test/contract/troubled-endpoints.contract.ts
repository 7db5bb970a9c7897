import { describe, expect, test } from 'vitest';
import type { Endpoint, EndpointStatus } from '../../lib/domain/endpoint.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { type Open, concurrently, openForTest, readAllPages } from './opened.ts';

/** The index may lag behind the writes. */
const PATIENCE = { timeout: 5000, interval: 20 };

type Needed = Pick<Ports, 'troubled' | 'endpoints' | 'health'>;

/** @param open stores that no other test uses at the same time: the index is everybody's */
export function describeTroubledEndpoints(name: string, open: Open<Needed>): void {
  describe(`${name}: endpoints in trouble`, () => {
    async function opened() {
      const { port, make, clock } = await openForTest(open);
      const create = async (changes: Partial<Endpoint> = {}) => {
        const endpoint = make.endpoint(changes);
        await port.endpoints.createUnlessExists(endpoint);
        return endpoint;
      };
      const change = (endpoint: Endpoint, status: EndpointStatus) => {
        const changed = { ...endpoint, status, generation: endpoint.generation + 1 };
        return port.endpoints.replaceIfGeneration(changed, endpoint.generation).then(() => changed);
      };
      const noteOf = ({ tenantId, id, generation }: Endpoint) => ({
        tenantId,
        endpointId: id,
        generation,
        at: clock.now(),
      });
      const fail = (endpoint: Endpoint) => port.health.countFailure(noteOf(endpoint));
      const succeed = (endpoint: Endpoint) => port.health.clearFailures(noteOf(endpoint));
      const listed = async (limit = 100) => {
        const pages = await readAllPages(async (cursor) => {
          const { endpoints, next } = await port.troubled.page(cursor, limit);
          return { items: endpoints, next };
        });
        return pages.flat().map(({ tenantId, id }) => `${tenantId} ${id}`);
      };
      const keyOf = ({ tenantId, id }: Endpoint) => `${tenantId} ${id}`;
      return { create, change, fail, succeed, listed, keyOf, make };
    }

    test('one that fails stands there from its first failure to its recovery; a healthy one never does', async () => {
      const { create, fail, succeed, listed, keyOf } = await opened();
      const [healthy, failing] = [await create(), await create()];
      await succeed(healthy);
      for (let n = 0; n < 3; n += 1) await fail(failing);
      await expect.poll(() => listed(), PATIENCE).toEqual([keyOf(failing)]);
      await succeed(failing);
      await expect.poll(() => listed(), PATIENCE).toEqual([]);
      await concurrently(() => fail(failing));
      await expect.poll(() => listed(), PATIENCE).toEqual([keyOf(failing)]);
    });

    test('a paused one stands there until it is resumed, whatever succeeds meanwhile', async () => {
      const { create, change, fail, succeed, listed, keyOf } = await opened();
      const endpoint = await create();
      await fail(endpoint);
      const paused = await change(endpoint, 'paused');
      await succeed(endpoint);
      await expect.poll(() => listed(), PATIENCE).toEqual([keyOf(paused)]);
      const resumed = await change(paused, 'active');
      await expect.poll(() => listed(), PATIENCE).toEqual([]);
      await fail(resumed);
      await expect.poll(() => listed(), PATIENCE).toEqual([keyOf(resumed)]);
    });

    test('pages together have those of all tenants, each once, and may be of any length', async () => {
      const { create, fail, listed, keyOf, make } = await opened();
      const all = [];
      for (let n = 0; n < 13; n += 1) {
        const tenantId = `${make.tenantId}${['', '#', ' ü', '😀'][n % 4]}`;
        all.push(await create({ tenantId }));
      }
      for (const endpoint of all) await fail(endpoint);
      const expected = all.map(keyOf).toSorted();
      for (const limit of [1, 4, 13, 100]) {
        await expect.poll(async () => (await listed(limit)).toSorted(), PATIENCE).toEqual(expected);
      }
    });
  });
}
