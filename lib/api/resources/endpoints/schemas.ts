import * as z from 'zod';
import { RETRY_PRESETS } from '../../../dialects/retry-presets.ts';
import { MAX_DELAYS, MAX_SCHEDULE_SECONDS } from '../../../domain/retry-schedule.ts';
import { eventPattern } from '../../schemas/event-type.ts';
import { pageOf } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { EMPTY_RANGE, instant, isRange, timestamp } from '../../schemas/times.ts';

const MAX_METADATA_PAIRS = 20;
const MAX_HEADERS = 20;

const retry = z
  .union(
    [
      z.strictObject({ preset: z.enum(RETRY_PRESETS).meta({ description: 'A named schedule.' }) }),
      z.strictObject({
        delays: z
          .array(z.int().min(1))
          .max(MAX_DELAYS)
          .refine(
            (delays) => delays.reduce((sum, delay) => sum + delay, 0) <= MAX_SCHEDULE_SECONDS,
            'must be at most 13 days (1,123,200 seconds) in all',
          )
          .meta({ description: 'Whole seconds between attempts; at most 13 days in all. Empty: no retries.' }),
      }),
    ],
    'must be {"preset": "<name>"} or {"delays": [<seconds>, …]}',
  )
  .meta({ description: 'When failed deliveries are tried again. The default is the preset of the dialect.' });

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
  events: z.array(eventPattern).min(1).max(100).meta({ description: 'What the endpoint subscribes to.' }),
  project_id: text(128).meta({ description: 'Only events of this project. Without it: the events of all projects.' }),
  headers: pairs(MAX_HEADERS, 256, 4096).meta({ description: 'Extra headers of each request.' }),
  timeout_seconds: z.int().min(1).max(30).meta({ description: 'How long the endpoint may take to answer.' }),
  rate_limit_per_second: z
    .number()
    .min(0.01)
    .max(1000)
    .meta({ description: 'Requests start at most this often; what comes faster waits its turn.' }),
  auto_resume: z.boolean().meta({
    description:
      'After the circuit breaker has paused it: look whether it is well and resume it. Otherwise a person does.',
  }),
  metadata: pairs(MAX_METADATA_PAIRS, 64, 512).meta({ description: 'Yours; kept and returned, never sent.' }),
};

export const endpointCreate = z
  .strictObject({
    url: fields.url,
    label: fields.label.optional(),
    events: fields.events,
    project_id: fields.project_id.optional(),
    dialect: text(64)
      .optional()
      .meta({ description: 'What the receiver sees: body, headers, signature. The default is the deployment’s.' }),
    headers: fields.headers.optional(),
    retry: retry.optional(),
    timeout_seconds: fields.timeout_seconds.default(10),
    rate_limit_per_second: fields.rate_limit_per_second.optional(),
    auto_resume: fields.auto_resume.default(true),
    metadata: fields.metadata.optional(),
    signing_secret: z.string().max(256).optional().meta({
      description: 'A secret that the receiver has already; without it one is made. Shown in this answer only.',
    }),
  })
  .meta({ examples: [{ url: 'https://example.com/hooks', events: ['task.*'], label: 'Build bot' }] });

export const endpointUpdate = z
  .strictObject({
    url: fields.url.optional(),
    label: fields.label.nullable().optional().meta({ description: 'null removes it.' }),
    events: fields.events.optional(),
    project_id: fields.project_id.nullable().optional().meta({ description: 'null: the events of all projects.' }),
    headers: fields.headers.optional().meta({ description: 'Replaces all of them.' }),
    retry: retry.optional(),
    timeout_seconds: fields.timeout_seconds.optional(),
    rate_limit_per_second: fields.rate_limit_per_second.nullable().optional().meta({ description: 'null removes it.' }),
    auto_resume: fields.auto_resume.optional(),
    metadata: fields.metadata.optional().meta({ description: 'Replaces all of it.' }),
  })
  .refine((edit) => Object.keys(edit).length > 0, 'must have at least one field to change')
  .meta({ examples: [{ events: ['task.completed'] }] });

export const resumeRequest = z
  .strictObject({
    held: z
      .enum(['release', 'discard'])
      .default('release')
      .meta({ description: 'What happens to the deliveries that were held: sent, oldest first, or abandoned.' }),
  })
  .meta({ examples: [{ held: 'release' }] });

export const endpointReplay = z
  .strictObject({
    since: instant.meta({ description: 'Only events that came at or after this time.' }),
    until: instant.optional().meta({ description: 'Only events that came before this time. The default is now.' }),
    event_types: fields.events
      .optional()
      .meta({ description: 'Only events of these types. The default is what the endpoint subscribes to now.' }),
  })
  .refine(isRange, EMPTY_RANGE)
  .meta({ examples: [{ since: '2026-02-06T12:00:00Z' }] });

export const endpoint = z.object({
  id: z.string(),
  tenant_id: z.string(),
  url: z.string(),
  label: z.string().nullable(),
  events: z.array(z.string()),
  project_id: z.string().nullable(),
  dialect: z.string(),
  status: z.enum(['active', 'paused', 'disabled', 'revoked']).meta({
    description: 'A paused endpoint holds what it is sent; a disabled one gets nothing; a revoked one is final.',
  }),
  status_reason: z
    .enum(['manual', 'breaker', 'gone', 'deleted'])
    .nullable()
    .meta({ description: 'Why it is not active: a call, the circuit breaker, or its own 410.' }),
  headers: z.record(z.string(), z.string()),
  retry: z.union([z.object({ preset: z.enum(RETRY_PRESETS) }), z.object({ delays: z.array(z.int()) })]),
  timeout_seconds: z.int(),
  rate_limit_per_second: z.number().nullable(),
  auto_resume: z.boolean(),
  metadata: z.record(z.string(), z.string()),
  last_attempted_at: timestamp.nullable(),
  last_success_at: timestamp.nullable(),
  last_status_code: z.int().nullable(),
  consecutive_failures: z.int(),
  slow_since: timestamp.nullable().meta({
    description: 'Since when its answers take seconds: its deliveries then wait apart from those of other endpoints.',
  }),
  created_at: timestamp,
  updated_at: timestamp,
});

export const endpointCreated = endpoint.extend({
  signing_secret: z.string().meta({ description: 'Shown here and never again.' }),
});

export const endpointPage = pageOf(endpoint);
export type EndpointJson = z.infer<typeof endpoint>;
export type EndpointCreatedJson = z.infer<typeof endpointCreated>;
