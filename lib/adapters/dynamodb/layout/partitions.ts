/**
 * The kinds of partitions of the table config, as patterns of their keys: by these a function's rights are limited to
 * what it needs. Each key of keys.ts begins with the word of its kind.
 */
export const PARTITIONS = {
  deployment: 'DEPLOYMENT',
  endpoints: 'ENDPOINTS#*',
  subscriptions: 'SUBSCRIPTIONS#*',
  slots: 'SLOT#*',
  brakes: 'BRAKES#*',
  meta: 'META#*',
  settings: 'SETTINGS',
  tenants: 'TENANTS#*',
  apiKey: 'KEY#*',
  apiKeys: 'KEYS#*',
  session: 'SESSION#*',
  sessions: 'SESSIONS#*',
  audit: 'AUDIT#*',
  mfa: 'MFA#*',
  alerts: 'ALERTS#*',
  number: 'NUMBER#*',
  numbers: 'NUMBERS#*',
  eventTypes: 'TYPES#*',
} as const;

/** {@link PARTITIONS} of the table log. */
export const LOG_PARTITIONS = {
  events: 'EVENT#*',
  deliveries: 'DELIVERY#*',
  responses: 'ATTEMPTS#*',
  jobs: 'JOB#*',
  polls: 'POLL#*',
  consumers: 'CONSUMERS#*',
  quotas: 'QUOTA#*',
  usage: 'USAGE#*',
} as const;
