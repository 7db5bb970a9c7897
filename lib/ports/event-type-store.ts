import type { EventType } from '../domain/event-type.ts';

/** Whose catalogue: a tenant's, or (undefined) the platform's. */
export type CatalogueOwner = string | undefined;

/** The catalogues of event types. Reads are consistent. */
export interface EventTypeStore {
  get(owner: CatalogueOwner, type: string): Promise<EventType | undefined>;
  /** By type, from after the given one on: at most `limit`. */
  page(owner: CatalogueOwner, after: string | undefined, limit: number): Promise<EventType[]>;
  /** @returns whether there was none of its owner and type */
  putUnlessExists(eventType: EventType): Promise<boolean>;
  /** @returns whether there was one of its owner and type */
  replaceIfExists(eventType: EventType): Promise<boolean>;
  /** Nothing happens when there is none. */
  remove(owner: CatalogueOwner, type: string): Promise<void>;
}
