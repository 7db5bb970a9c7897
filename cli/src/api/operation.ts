/** A call of the API as the command line knows it: derived from docs/openapi.json by `npm run openapi`. */
export interface Operation {
  /** As the OpenAPI document names it: `listEvents`. */
  id: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With the names of its parameters: `/v1/events/{id}`. */
  path: string;
  /** Its command: `events`, and `list`. */
  group: string;
  name: string;
  summary: string;
  query: readonly Field[];
  body?: { required: boolean; fields: readonly Field[] };
  /** What the rows of its list are, where it answers one: `Delivery`. */
  rows?: string;
  /** It answers one page of a list: how many rows at most. */
  pages?: number;
  /** It is about a tenant's data. */
  ofTenant?: true;
  /** It takes an `Idempotency-Key`. */
  keyed?: true;
  /** It takes an `If-Match`. */
  conditional?: true;
  /** It may ask for a code of the second factor. */
  secondFactor?: true;
}

/** A field of a query or of a body: an option of the command. */
export interface Field {
  /** As the API names it: `event_type`. */
  name: string;
  /** How its text is read: `values.ts`. */
  kind: 'text' | 'number' | 'boolean' | 'texts' | 'time' | 'json';
  about: string;
  required?: true;
  /** `null` removes what it says. */
  nullable?: true;
  choices?: readonly string[];
}

/** A group of commands. */
export interface Group {
  name: string;
  about: string;
}

/** The parameters in a path, in their order: `id` of `/v1/events/{id}`. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
}
