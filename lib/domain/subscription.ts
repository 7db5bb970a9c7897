import { categoryPattern, isCategoryPattern, isReservedType } from './event-type.ts';
import type { EventTopic } from './event.ts';

/** Which events an endpoint gets: patterns of event types, and optionally one project and a filter of their data. */
export interface Subscription {
  /** Each an exact type (`task.completed`), a prefix (`task.*`), a category (`@Tasks`) or everything (`*`). */
  events: readonly string[];
  /** Absent: the endpoint is organization-wide and gets the events of all projects. */
  projectId?: string;
  /** JSON text of what the data has to be (docs/filters.md). Absent: whatever it is. */
  filter?: string;
}

/** An endpoint as matching knows it. */
export interface Subscriber extends Subscription {
  /** The endpoint's. */
  id: string;
  /** Its endpoint is polled. */
  polled?: true;
}

/** Does an event belong to a subscription, but for its filter? That is for `createFilterTest` to say. */
export function matches(subscription: Subscription, event: EventTopic): boolean {
  if (subscription.projectId !== undefined && subscription.projectId !== event.project?.id) return false;
  const ofCategory = event.category === undefined ? undefined : categoryPattern(event.category);
  return subscription.events.some((pattern) => pattern === ofCategory || typeMatches(pattern, event.type));
}

/** Does a pattern name one type, and no prefix, category or everything? */
export function isExactType(pattern: string): boolean {
  return !pattern.endsWith('*') && !isCategoryPattern(pattern);
}

/**
 * `task.*` matches `task.completed` and `task.item.added`, but neither `task` nor `tasks.completed`. `*` matches
 * everything but operational events, which are asked for by name.
 */
export function typeMatches(pattern: string, type: string): boolean {
  if (pattern === '*') return !isReservedType(type);
  if (pattern.endsWith('.*')) return type.startsWith(pattern.slice(0, -1));
  return pattern === type;
}
