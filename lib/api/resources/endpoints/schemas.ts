import * as z from 'zod';
import { DIALECT_NAMES } from '../../../dialects/index.ts';
import { pageOf } from '../../schemas/pages.ts';
import { timestamp } from '../../schemas/times.ts';
import { filterShown } from '../filters/schemas.ts';
import { endpointAuthShown } from './auth-schemas.ts';
import { EXAMPLE, EXAMPLE_SECRET, EXAMPLE_STANDARD_SECRET } from './examples.ts';
import { kind } from './kind-schema.ts';
import { retry } from './retry-schemas.ts';
import { secretShown } from './secret-schemas.ts';
import type { WithSettings } from './setting-fields.ts';

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
