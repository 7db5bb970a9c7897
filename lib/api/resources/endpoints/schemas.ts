import * as z from 'zod';
import { DIALECT_NAMES } from '../../../dialects/index.ts';
import { subscriptionPattern } from '../../schemas/event-type.ts';
import { pageOf } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { endpointAuth, endpointAuthShown } from './auth-schemas.ts';
import { kind } from './kind-schema.ts';
import { retry } from './retry-schemas.ts';
import { EXAMPLE_FILTER, filterEdit, filterGiven, filterShown } from '../filters/schemas.ts';
import { previousSecret, secretShown } from './secret-schemas.ts';
import type { SettingField, WithSettings } from './setting-fields.ts';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { timestamp } from '../../schemas/times.ts';

const EXAMPLE = {
  id: EXAMPLE_IDS.endpoint,
  tenant_id: EXAMPLE_IDS.tenant,
  kind: 'push',
  url: 'https://example.com/hooks',
  label: 'Build bot',
  events: ['task.*'],
  project_id: 'proj_1',
  filter: EXAMPLE_FILTER,
  dialect: 'standard',
  generation: 3,
  status: 'active',
  status_reason: null,
  header_names: ['x-source'],
  auth: { type: 'bearer', header: 'authorization' },
  retry: { preset: 'standard' },
  timeout_seconds: 10,
  rate_limit_per_second: 50,
  circuit_breaker: true,
  auto_resume: true,
  also_standard: false,
  asymmetric_signing: false,
  secrets: [
    {
      use: 'signing' as const,
      fingerprint: '5d41402a',
      created_at: '2026-02-06T11:58:00.000Z',
      activates_at: null,
      expires_at: null,
    },
  ],
  metadata: { owner: 'build' },
  last_attempted_at: '2026-02-06T12:00:01.250Z',
  last_success_at: '2026-02-06T12:00:01.250Z',
  last_status_code: 200,
  consecutive_failures: 0,
  slow_since: null,
  created_at: '2026-02-06T11:58:00.000Z',
  updated_at: '2026-02-06T11:58:00.000Z',
};
const EXAMPLE_STANDARD_SECRET = 'whsec_Zm9ydHktdHdvIGJ5dGVzIG9mIGEgc2Vjb25kIHNlY3JldCE=';
const EXAMPLE_SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';

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

export const endpointStatus = z.enum(['active', 'paused', 'disabled', 'revoked']).meta({
  id: 'EndpointStatus',
  description: 'A paused endpoint holds what it is sent; a disabled one gets nothing; a revoked one is final.',
});

const endpointStatusReason = z.enum(['manual', 'breaker', 'gone', 'deleted']).meta({
  id: 'EndpointStatusReason',
  description: 'Why an endpoint is not active: a call, the circuit breaker, its own 410, or its deletion.',
});

export const endpoint = z
  .object({
    id: z.string().meta({ description: 'The id of the endpoint.' }),
    tenant_id: z.string().meta({ description: 'Whose endpoint it is.' }),
    kind: kind.meta({ description: 'push: requests are sent to it. poll: its consumers ask for them.' }),
    url: z.string().meta({ description: 'Where deliveries are sent; empty for one that is polled.' }),
    label: z.string().nullable().meta({ description: 'A name for people.' }),
    events: z.array(z.string()).meta({ description: 'The event types and patterns that it subscribes to.' }),
    project_id: z.string().nullable().meta({ description: 'Only events of this project; null: of all projects.' }),
    filter: filterShown,
    dialect: z.string().meta({
      description: 'What the receiver sees: body, headers, signature. `slack` and `discord` where the URL is theirs.',
      examples: DIALECT_NAMES,
    }),
    generation: z.int().meta({ description: 'Raised by each change of the endpoint: its ETag.' }),
    status: endpointStatus,
    status_reason: endpointStatusReason.nullable().meta({ description: 'null for an active endpoint.' }),
    header_names: z
      .array(z.string())
      .meta({ description: 'Which extra headers each request has; the values are never shown.' }),
    auth: endpointAuthShown
      .nullable()
      .meta({ description: 'How requests authenticate themselves; null: by their signature only.' }),
    retry,
    timeout_seconds: z.int().meta({ description: 'How long the endpoint may take to answer.' }),
    rate_limit_per_second: z.number().nullable().meta({ description: 'How many requests may start in a second.' }),
    circuit_breaker: z.boolean().meta({ description: 'Do failures in a row pause it?' }),
    also_standard: z.boolean().meta({ description: 'Are the headers of Standard Webhooks added?' }),
    asymmetric_signing: z.boolean().meta({ description: 'Are signatures added that a public key verifies?' }),
    secrets: z.array(secretShown).meta({ description: 'What signs its requests, newest first; never the secrets.' }),
    auto_resume: z.boolean().meta({ description: 'Does a probe resume it after the circuit breaker has paused it?' }),
    metadata: z.record(z.string(), z.string()).meta({ description: 'Yours; never sent.' }),
    last_attempted_at: timestamp.nullable().meta({ description: 'When a request was last sent to it.' }),
    last_success_at: timestamp.nullable().meta({ description: 'When it last answered 2xx.' }),
    last_status_code: z.int().nullable().meta({ description: 'Its last answer; null when there was none.' }),
    consecutive_failures: z.int().meta({ description: 'Failed attempts since the last success.' }),
    slow_since: timestamp.nullable().meta({
      description: 'Since when its answers take seconds: its deliveries then wait apart from those of other endpoints.',
    }),
    created_at: timestamp.meta({ description: 'When it was created.' }),
    updated_at: timestamp.meta({ description: 'When it was last changed.' }),
  } satisfies WithSettings)
  .meta({ id: 'Endpoint', description: 'A URL that a tenant registered, and how to send to it.', examples: [EXAMPLE] });

const standardSecret = z
  .string()
  .optional()
  .meta({
    description: 'Of the headers that `also_standard` adds, where it is another one. Shown here and never again.',
    examples: [EXAMPLE_STANDARD_SECRET],
  });

export const endpointCreated = endpoint
  .extend({
    signing_secret: z.string().meta({
      description:
        'Shown here and never again. In the dialect vellum, one that was made signs only the headers of `also_standard`: bring your own to have signatures.',
    }),
    standard_signing_secret: standardSecret,
  })
  .meta({
    id: 'EndpointCreated',
    description: 'A new endpoint with its signing secret.',
    examples: [{ ...EXAMPLE, signing_secret: EXAMPLE_SECRET }],
  });

export const endpointRotated = endpoint
  .extend({
    signing_secret: z
      .string()
      .optional()
      .meta({
        description: 'The new secret. Shown here and never again.',
        examples: [EXAMPLE_SECRET],
      }),
    standard_signing_secret: standardSecret,
  })
  .meta({
    id: 'EndpointRotated',
    description: 'The endpoint with its new secret.',
    examples: [{ ...EXAMPLE, signing_secret: EXAMPLE_SECRET }],
  });

export const endpointUpdated = endpoint.extend({ standard_signing_secret: standardSecret }).meta({
  id: 'EndpointUpdated',
  description: 'The endpoint as it is now.',
  examples: [EXAMPLE],
});

export const endpointPage = pageOf('EndpointList', endpoint);
export type EndpointJson = z.infer<typeof endpoint>;
export type EndpointCreatedJson = z.infer<typeof endpointCreated>;
