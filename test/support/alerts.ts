import type { World } from './world.ts';
import { TENANT } from './world.ts';

/** What an operational event said. */
export interface Told {
  type: string;
  at: number;
  data: Record<string, unknown>;
}

/** The operational events that a customer has received, each once, oldest first. */
export function toldTo(world: World, url: string): Told[] {
  const byId = new Map(world.customers.at(url).map((request) => [request.headers['webhook-id'], request]));
  return [...byId.values()].map(({ at, body }) => ({ at, ...(JSON.parse(body) as Omit<Told, 'at'>) }));
}

/** The operational events in the log. */
export async function alertsOf(world: World): Promise<string[]> {
  const events = await world.store.events.page(TENANT, { limit: 1000 });
  return events.map(({ type }) => type).filter((type) => type.startsWith('postrider.'));
}
