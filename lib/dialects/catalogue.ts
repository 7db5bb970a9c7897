/** An event type as a platform describes it to its customers. */
export interface EventTypeEntry {
  type: string;
  /** One sentence, without a full stop. */
  description: string;
  /** The platform's other name of the type: posts and subscriptions under either mean this type. */
  alias?: string;
}

/** The event types of a platform, by the categories of its documentation. */
export type EventCatalogue = readonly { category: string; events: readonly EventTypeEntry[] }[];

export function entriesOf(catalogue: EventCatalogue): EventTypeEntry[] {
  return catalogue.flatMap(({ events }) => events);
}

/** The name under which a type is sent: an alias gives way to the type that it stands for. */
export function canonicalType(catalogue: EventCatalogue, type: string): string {
  return entriesOf(catalogue).find(({ alias }) => alias === type)?.type ?? type;
}

/**
 * What an endpoint with these patterns has to match besides, so that both names of a type subscribe to it, exactly and
 * under wildcards.
 * @param matches does a pattern match a type?
 */
export function patternsForAliases(
  catalogue: EventCatalogue,
  patterns: readonly string[],
  matches: (pattern: string, type: string) => boolean,
): string[] {
  const meant = (type: string) => patterns.some((pattern) => matches(pattern, type));
  return entriesOf(catalogue).flatMap(({ type, alias }) => {
    if (alias === undefined || meant(type) === meant(alias)) return [];
    return meant(type) ? [alias] : [type];
  });
}
