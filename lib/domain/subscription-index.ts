import { categoryPattern, isReservedType } from './event-type.ts';
import type { EventTopic } from './event.ts';
import { type Filter, compileFilter } from './filter/filter.ts';
import type { Subscriber } from './subscription.ts';

/** Positions in the list of subscribers, ascending, by the pattern that they subscribed to. */
type ByPattern = Map<string, number[]>;

/** The subscribers of an event. */
export interface Found {
  /** Of those that get it. */
  ids: string[];
  /** How many asked for its type and project, and have a filter that leaves it out. */
  filtered: number;
  /** Those of `ids` whose endpoint is polled; absent: none. */
  polled?: ReadonlySet<string>;
}

/** @param passes whether a filter lets the event through; asked for the filters of those alone who asked for the event */
export type FindSubscribers = (event: EventTopic, passes: (filter: Filter) => boolean) => Found;

/**
 * Finds the subscribers that get an event, in the order of the list: those for which `matches` in subscription.ts is
 * true, and whose filter lets it through. It looks up only the few patterns that the event's type can match, so its cost
 * grows with the subscribers that match, not with all of them.
 */
export function indexSubscriptions(subscribers: readonly Subscriber[]): FindSubscribers {
  const organizationWide: ByPattern = new Map();
  const byProject = new Map<string, ByPattern>();
  subscribers.forEach(({ projectId, events }, place) => {
    const byPattern = projectId === undefined ? organizationWide : entryOf(byProject, projectId, () => new Map());
    for (const pattern of new Set(events)) entryOf(byPattern, pattern, () => []).push(place);
  });
  const filters = filtersOf(subscribers);
  const polls = new Set(subscribers.filter(({ polled }) => polled).map(({ id }) => id));
  return ({ type, project, category }, passes) => {
    const ofProject = project && byProject.get(project.id);
    const lists = patternsOf(type, category).flatMap((pattern) => [
      organizationWide.get(pattern),
      ofProject?.get(pattern),
    ]);
    const found = union(lists.filter((list) => list !== undefined));
    const passing = filters.size === 0 ? found : found.filter((place) => isPassed(filters.get(place), passes));
    const ids = passing.map((place) => (subscribers[place] as Subscriber).id);
    const polled = polls.size === 0 ? [] : ids.filter((id) => polls.has(id));
    return { ids, filtered: found.length - ids.length, ...(polled.length > 0 && { polled: new Set(polled) }) };
  };
}

function isPassed(filter: Filter | undefined, passes: (filter: Filter) => boolean): boolean {
  return filter === undefined || passes(filter);
}

/** By the place of their subscriber; those with equal texts are one. */
function filtersOf(subscribers: readonly Subscriber[]): Map<number, Filter> {
  const byText = new Map<string, Filter>();
  const filters = new Map<number, Filter>();
  subscribers.forEach(({ filter }, place) => {
    if (filter !== undefined)
      filters.set(
        place,
        entryOf(byText, filter, () => compileFilter(filter)),
      );
  });
  return filters;
}

/**
 * All patterns that match a type: `*`, each prefix that ends at a dot, the type itself, and its category; of an
 * operational event not `*`.
 */
function patternsOf(type: string, category: string | undefined): string[] {
  const patterns = new Set(isReservedType(type) ? [type] : ['*', type]);
  if (category !== undefined) patterns.add(categoryPattern(category));
  for (let dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
    patterns.add(`${type.slice(0, dot)}.*`);
  }
  return [...patterns];
}

/** Merges ascending lists into one, without duplicates. */
function union(lists: readonly (readonly number[])[]): readonly number[] {
  const [only = [], ...others] = lists;
  return others.length === 0 ? only : [...new Set(lists.flat())].toSorted((a, b) => a - b);
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
