/** Of the name of a type, and of what subscribes to types. */
export const MAX_TYPE_LENGTH = 128;

/** Types that begin so are Postrider's own: nobody posts one, and nobody gets one without asking for it by name. */
const RESERVED = 'postrider.';

export function isReservedType(type: string): boolean {
  return type.startsWith(RESERVED);
}

/** An event type as the catalogue describes it. Times are milliseconds since the Unix epoch. */
export interface EventType {
  /** Whose catalogue it is in; absent: the platform's, which all tenants share. */
  tenantId?: string;
  type: string;
  /** One sentence. */
  description: string;
  /** Endpoints subscribe to all types of a category by `@` and its name. */
  category?: string;
  /** Of an event's `data`: a JSON Schema that {@link refuseSchema} accepts, as JSON text. */
  schema?: string;
  /** An example of `data`, as JSON text. */
  example?: string;
  isDeprecated: boolean;
  createdAt: number;
  updatedAt: number;
}

/** What ingest does with the catalogue for the events of one tenant. Each field that it leaves out is the deployment's. */
export interface EventTypePolicy {
  /** Are events of types that are not in the catalogue refused? */
  refusesUnknown?: boolean;
  /** Is data compared with the schema of its type, and what follows if it does not match? */
  dataCheck?: 'off' | 'warn' | 'refuse';
}

/** @param ofDeployment what holds for tenants that have set nothing themselves; default: the catalogue is of no matter */
export function policyInForce(
  ofDeployment: EventTypePolicy,
  ofTenant: EventTypePolicy | undefined,
): Required<EventTypePolicy> {
  return { refusesUnknown: false, dataCheck: 'off', ...ofDeployment, ...ofTenant };
}

/** How many types a catalogue may have, so that it fits one answer. */
export const MAX_EVENT_TYPES = 300;

/** The pattern of an endpoint that subscribes to a whole category. */
export function categoryPattern(category: string): string {
  return `@${category}`;
}

export function isCategoryPattern(pattern: string): boolean {
  return pattern.startsWith('@');
}
