import { categoryPattern } from './event-type.ts';
import type { EventTopic } from './event.ts';
import type { Subscriber } from './subscription.ts';

/** Positions in the list of subscribers, ascending, by the pattern that they subscribed to. */
type ByPattern = Map<string, number[]>;

/**
 * Finds the subscribers that get an event, in the order of the list: those for which `matches` in subscription.ts is
 * true. It looks up only the few patterns that the event's type can match, so its cost grows with the subscribers that
 * match, not with all of them.
 */
export function indexSubscriptions(subscribers: readonly Subscriber[]): (event: EventTopic) => string[] {
  const organizationWide: ByPattern = new Map();
  const byProject = new Map<string, ByPattern>();
  subscribers.forEach(({ projectId, events }, place) => {
    const byPattern = projectId === undefined ? organizationWide : entryOf(byProject, projectId, () => new Map());
    for (const pattern of new Set(events)) entryOf(byPattern, pattern, () => []).push(place);
  });
  return ({ type, project, category }) => {
    const ofProject = project && byProject.get(project.id);
    const lists = patternsOf(type, category).flatMap((pattern) => [
      organizationWide.get(pattern),
      ofProject?.get(pattern),
    ]);
    return union(lists.filter((list) => list !== undefined)).map((place) => (subscribers[place] as Subscriber).id);
  };
}

/** All patterns that match a type: `*`, each prefix that ends at a dot, the type itself, and its category. */
function patternsOf(type: string, category: string | undefined): string[] {
  const patterns = new Set(['*', type]);
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
