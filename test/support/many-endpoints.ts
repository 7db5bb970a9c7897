import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { World } from './world.ts';

/** Endpoints of healthy customers, each with its own, sorted by id. */
export async function openEndpoints(world: World, count: number, name = 'customer'): Promise<Endpoint[]> {
  const all = Array.from({ length: count }, (_, n) =>
    world.endpoint({ url: world.customers.open(`${name}-${n}`, () => 200), retry: { delays: [1] } }),
  );
  return (await Promise.all(all)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
