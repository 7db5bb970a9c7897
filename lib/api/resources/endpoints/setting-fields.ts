import type * as z from 'zod';
import type { EndpointSettings } from '../../../domain/endpoint.ts';

/** What the API calls each setting of an endpoint. A setting that this or a schema forgets does not compile. */
const FIELDS = {
  url: 'url',
  label: 'label',
  events: 'events',
  projectId: 'project_id',
  filter: 'filter',
  retry: 'retry',
  timeoutSeconds: 'timeout_seconds',
  rateLimitPerSecond: 'rate_limit_per_second',
  circuitBreaker: 'circuit_breaker',
  autoResume: 'auto_resume',
  alsoStandard: 'also_standard',
  asymmetricSigning: 'asymmetric_signing',
  metadata: 'metadata',
} as const satisfies Record<keyof EndpointSettings, string>;

type Fields = typeof FIELDS;
export type SettingField = Fields[keyof Fields];

/** The fields of a schema that has every setting, and others besides. */
export type WithSettings = Record<SettingField, z.ZodType> & Record<string, z.ZodType>;

type NameOf<Field> = { [Name in keyof Fields]: Fields[Name] extends Field ? Name : never }[keyof Fields];
type SettingsIn<Body> = { [Field in keyof Body as NameOf<Field>]: Exclude<Body[Field], undefined> };

/** The settings that a body has, under their names in the code. */
export function settingsIn<Body extends object>(body: Body): SettingsIn<Body> {
  const values: Partial<Record<SettingField, unknown>> = body;
  const entries = Object.entries(FIELDS).map(([name, field]) => [name, values[field]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as SettingsIn<Body>;
}
