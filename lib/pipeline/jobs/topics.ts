import type { Event, EventTopic } from '../../domain/event.ts';
import { isCategoryPattern } from '../../domain/event-type.ts';
import type { Subscription } from '../../domain/subscription.ts';
import type { Ports } from '../../ports/ports.ts';
import { eventTypeOf } from '../catalogue.ts';

/**
 * What subscriptions are to be matched with, by event. The catalogue is read where one of them names a category, and then
 * once a type.
 */
export async function topicsOf(
  ports: Pick<Ports, 'eventTypes'>,
  events: readonly Event[],
  subscriptions: readonly Subscription[],
): Promise<(event: Event) => EventTopic> {
  const usesCategories = subscriptions.some((subscription) => subscription.events.some(isCategoryPattern));
  const [first] = events;
  if (!usesCategories || !first) return (event) => event;
  const types = [...new Set(events.map(({ type }) => type))];
  const found = await Promise.all(types.map((type) => eventTypeOf(ports, first.tenantId, type)));
  const categories = new Map(types.map((type, index) => [type, found[index]?.category]));
  return ({ type, project }) => {
    const category = categories.get(type);
    return { type, ...(project && { project }), ...(category !== undefined && { category }) };
  };
}
