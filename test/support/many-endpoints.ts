import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { updateMatching } from '../../lib/pipeline/endpoints/matching.ts';
import type { World } from './world.ts';

/** Endpoints of healthy customers, each with its own, sorted by id. */
export async function openEndpoints(world: World, count: number, name = 'customer'): Promise<Endpoint[]> {
  const all = Array.from({ length: count }, (_, n) =>
    world.endpoint({ url: world.customers.open(`${name}-${n}`, () => 200), retry: { delays: [1] } }),
  );
  return (await Promise.all(all)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Writes endpoints as they are, with what ingest matches with: faster than creating many, each of which counts the others. */
export async function plantEndpoints(world: World, endpoints: readonly Endpoint[]): Promise<void> {
  await Promise.all(endpoints.map((endpoint) => world.ports.endpoints.createUnlessExists(endpoint)));
  await Promise.all(endpoints.map((endpoint) => updateMatching(world.ports, endpoint)));
}
