import * as z from 'zod';
import { DIALECT_NAMES } from '../../../dialects/index.ts';
import { subscriptionPattern } from '../../schemas/event-type.ts';
import { text } from '../../schemas/text.ts';
import { filterEdit, filterGiven } from '../filters/schemas.ts';
import { endpointAuth } from './auth-schemas.ts';
import { EXAMPLE, EXAMPLE_SECRET } from './examples.ts';
import { kind } from './kind-schema.ts';
import { retry } from './retry-schemas.ts';
import { previousSecret } from './secret-schemas.ts';
import type { SettingField, WithSettings } from './setting-fields.ts';

const MAX_METADATA_PAIRS = 20;
const MAX_HEADERS = 20;

/** Keeps pairs in their order; `__proto__` is refused before (a record would drop it in silence). */
function pairs(maxPairs: number, maxName: number, maxValue: number) {
  return z
    .record(text(maxName), z.string().max(maxValue))
    .refine((value) => Object.keys(value).length <= maxPairs, `must have at most ${maxPairs} entries`);
}

const fields = {
  url: text(2048).meta({
    description: 'Where deliveries are sent: an absolute https URL.',
    examples: ['https://example.com/hooks'],
  }),
  label: text(255).meta({ description: 'A name for people.' }),
  events: z.array(subscriptionPattern).min(1).max(100).meta({ description: 'What the endpoint subscribes to.' }),
  project_id: text(128).meta({ description: 'Only events of this project. Without it: the events of all projects.' }),
  filter: filterGiven,
  retry,
  timeout_seconds: z.int().min(1).max(30).meta({ description: 'How long the endpoint may take to answer.' }),
  rate_limit_per_second: z
    .number()
    .min(0.01)
    .max(1000)
    .meta({ description: 'Requests start at most this often; what comes faster waits its turn.' }),
  circuit_breaker: z
    .boolean()
    .meta({ description: 'Do failures in a row pause it? The default is the dialect’s (docs/dialects.md).' }),
  also_standard: z.boolean().meta({
    description: 'Adds the three headers of Standard Webhooks to those of the dialect.',
  }),
  auto_resume: z.boolean().meta({
    description:
      'After the circuit breaker has paused it: look whether it is well and resume it. Otherwise a person does. The default is the dialect’s.',
  }),
  asymmetric_signing: z.boolean().meta({
    description:
      'Adds signatures that a public key verifies (`v1a` of Standard Webhooks, Ed25519) to requests with its headers.',
  }),
  metadata: pairs(MAX_METADATA_PAIRS, 64, 512).meta({ description: 'Yours; kept and returned, never sent.' }),
} satisfies Record<SettingField, z.ZodType>;

const headers = pairs(MAX_HEADERS, 256, 4096).meta({
  description: 'Extra headers of each request. Their values are encrypted, and no answer shows them.',
});

const newEndpointStatus = z.enum(['active', 'paused', 'disabled']).meta({
  id: 'NewEndpointStatus',
  description:
    'What it begins as; active by default. A paused one holds what comes for it, a disabled one gets nothing.',
  examples: ['paused'],
});

export const endpointCreate = z
  .strictObject({
    kind: kind.default('push'),
    url: fields.url.optional(),
    label: fields.label.optional(),
    status: newEndpointStatus.optional(),
    events: fields.events,
    project_id: fields.project_id.optional(),
    filter: fields.filter,
    dialect: text(64)
      .optional()
      .meta({
        description: `What the receiver sees: body, headers, signature. One of ${DIALECT_NAMES.join(', ')}, or of the deployment’s own. The default is the deployment’s. A URL of a Slack or Discord webhook gets their messages, whatever it says.`,
        examples: DIALECT_NAMES,
      }),
    headers: headers.optional(),
    auth: endpointAuth.optional(),
    retry: fields.retry.optional(),
    timeout_seconds: fields.timeout_seconds.default(10),
    rate_limit_per_second: fields.rate_limit_per_second.optional(),
    circuit_breaker: fields.circuit_breaker.optional(),
    auto_resume: fields.auto_resume.optional(),
    also_standard: fields.also_standard.optional(),
    asymmetric_signing: fields.asymmetric_signing.optional(),
    metadata: fields.metadata.optional(),
    signing_secret: z.string().max(256).optional().meta({
      description: 'A secret that the receiver has already; without it one is made. Shown in this answer only.',
    }),
    previous_secret: previousSecret.optional(),
  } satisfies WithSettings)
  .meta({
    id: 'EndpointCreate',
    description: 'A new endpoint.',
    examples: [
      {
        url: EXAMPLE.url,
        events: EXAMPLE.events,
        label: EXAMPLE.label,
        project_id: EXAMPLE.project_id,
        filter: EXAMPLE.filter,
        dialect: EXAMPLE.dialect,
        headers: { 'x-source': 'production' },
        auth: { type: 'bearer', token: 'a-token-of-the-receiver' },
        rate_limit_per_second: EXAMPLE.rate_limit_per_second,
        timeout_seconds: EXAMPLE.timeout_seconds,
        auto_resume: EXAMPLE.auto_resume,
        metadata: EXAMPLE.metadata,
        signing_secret: EXAMPLE_SECRET,
      },
    ],
  });

export const endpointUpdate = z
  .strictObject({
    url: fields.url.optional(),
    label: fields.label.nullable().optional().meta({ description: 'null removes it.' }),
    events: fields.events.optional(),
    project_id: fields.project_id.nullable().optional().meta({ description: 'null: the events of all projects.' }),
    filter: filterEdit,
    headers: headers.optional().meta({ description: 'Replaces all of them.' }),
    auth: endpointAuth.nullable().optional().meta({ description: 'null removes it.' }),
    retry: fields.retry.optional(),
    timeout_seconds: fields.timeout_seconds.optional(),
    rate_limit_per_second: fields.rate_limit_per_second.nullable().optional().meta({ description: 'null removes it.' }),
    circuit_breaker: fields.circuit_breaker.optional(),
    auto_resume: fields.auto_resume.optional(),
    also_standard: fields.also_standard.optional(),
    asymmetric_signing: fields.asymmetric_signing.optional(),
    metadata: fields.metadata.optional().meta({ description: 'Replaces all of it.' }),
  } satisfies WithSettings)
  .refine((edit) => Object.keys(edit).length > 0, 'must have at least one field to change')
  .meta({
    id: 'EndpointUpdate',
    minProperties: 1,
    description: 'The fields to change; the others stay.',
    examples: [
      {
        url: 'https://example.com/hooks/v2',
        label: null,
        events: ['task.completed'],
        project_id: null,
        filter: null,
        headers: { 'x-source': 'production' },
        auth: { type: 'basic', username: 'postrider', password: 'a-password' },
        timeout_seconds: 20,
        rate_limit_per_second: null,
        metadata: { owner: 'build' },
      },
    ],
  });
