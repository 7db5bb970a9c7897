import type { EventTopic } from './event.ts';
import type { Subscription } from './subscription.ts';

type Subscriber = Subscription & { id: string };
/** Places in the list of subscribers, ascending, by the pattern that they asked for. */
type ByPattern = Map<string, number[]>;

/**
 * Answers who gets an event, in the order of the list, as `matches` would of each: but it looks only at the few
 * patterns that an event's type can match, so that 10,000 subscribers cost no more than those that are found.
 */
export function indexSubscriptions(subscribers: readonly Subscriber[]): (event: EventTopic) => string[] {
  const organizationWide: ByPattern = new Map();
  const byProject = new Map<string, ByPattern>();
  subscribers.forEach(({ projectId, events }, place) => {
    const byPattern = projectId === undefined ? organizationWide : entryOf(byProject, projectId, () => new Map());
    for (const pattern of new Set(events)) entryOf(byPattern, pattern, () => []).push(place);
  });
  return ({ type, project }) => {
    const ofProject = project && byProject.get(project.id);
    const lists = patternsOf(type).flatMap((pattern) => [organizationWide.get(pattern), ofProject?.get(pattern)]);
    return union(lists.filter((list) => list !== undefined)).map((place) => (subscribers[place] as Subscriber).id);
  };
}

/** All patterns that match a type: everything, each prefix that ends at a dot, and itself. */
function patternsOf(type: string): string[] {
  const patterns = new Set(['*', type]);
  for (let dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
    patterns.add(`${type.slice(0, dot)}.*`);
  }
  return [...patterns];
}

/** Ascending lists as one ascending list, what stands in several of them once. */
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
