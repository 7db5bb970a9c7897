import * as z from 'zod';
import { framingHeader, reservedHeader } from '../../domain/header-policy.ts';
import { MAX_DELAYS, MAX_SCHEDULE_SECONDS } from '../../domain/retry-schedule.ts';
import { type FieldOf, chosen, fieldListOf, fieldName } from './field-list.ts';
import { HEADER_WORDS, SIGNATURE_WORDS, SIGNED_WORDS, templateProblem } from './template.ts';

// A dialect as data. This file says what may be in it; declared.ts carries it out. docs/dialects.md explains it.

const MAX_TEMPLATE = 300;

/** Where a field of the body comes from, besides `data.<path>`. */
const SOURCES = [
  'id',
  'uuid',
  'delivery_id',
  'type',
  'time',
  'tenant',
  'project.id',
  'project.name',
  'external_id',
  'trace.trace_id',
  'trace.span_id',
  'trace.parent',
  'data',
] as const;
const DATA_PATH = /^data(\.[A-Za-z0-9_-]{1,64}){1,8}$/;
const SOURCE_RULE = `must be one of ${SOURCES.join(', ')}, or a path such as data.customer.id (up to 8 names)`;

const source = z
  .string(SOURCE_RULE)
  .refine((text) => (SOURCES as readonly string[]).includes(text) || DATA_PATH.test(text), SOURCE_RULE);

const fromEvent = z
  .strictObject({
    name: fieldName,
    from: source,
    /** Of `time` only: ISO 8601 with milliseconds or whole seconds, or a number of seconds or milliseconds since 1970. */
    format: z.enum(['milliseconds', 'seconds', 'unix', 'unix_ms']).optional(),
    /** What has no value is null, or is left out. */
    when_absent: z.enum(['null', 'omit']).optional(),
  })
  .refine(({ from, format }) => format === undefined || from === 'time', {
    path: ['format'],
    error: 'belongs to `"from": "time"` only',
  });
export type Field = FieldOf<z.infer<typeof fromEvent>>;

const listed = fieldListOf(fromEvent);
const envelope = chosen<'data' | Field[]>(
  (value) => (Array.isArray(value) ? listed : value === 'data' ? z.literal('data') : undefined),
  'must be "data" (the body is the data alone) or a list of fields',
);

function template(words: readonly string[], needed?: string) {
  return z
    .string()
    .min(1)
    .max(MAX_TEMPLATE)
    .superRefine((text, context) => {
      const problem = templateProblem(text, words, needed);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });
}

/** Neither the sender's headers nor those of Standard Webhooks, which an endpoint can have beside its dialect's own. */
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be letters, digits and hyphens')
  .refine((name) => !framingHeader(name) && !reservedHeader(name, ['webhook-*']), 'is a header that is set for you');

const ASCII = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;
const headerValue = (words: readonly string[], needed?: string) =>
  template(words, needed).regex(ASCII, 'must be printable ASCII without spaces around it');

/** One signature for each secret that is in force, newest first: how each is written, and what is between them. */
const several = z.strictObject({
  each: headerValue(['signature'], 'signature').default('{signature}'),
  separator: z.string().regex(/^[\x20-\x7e]{1,5}$/, 'must be 1 to 5 printable ASCII characters'),
});

const signature = z.strictObject({
  header: headerName,
  /** What the header says, around the signature: its prefix, or a timestamp beside it. */
  value: headerValue(SIGNATURE_WORDS, 'signature').default('{signature}'),
  several: several.optional(),
  /** What the key is: the secret as UTF-8, or what the base64 after `whsec_` says (Standard Webhooks). */
  secrets: z.enum(['text', 'standard']).default('text'),
  /** What is signed. */
  signed: template(SIGNED_WORDS, 'body').default('{body}'),
  algorithm: z.enum(['sha256', 'sha512', 'sha1']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** A header with the attempt's unix seconds that is there only beside the signature. */
  timestamp_header: headerName.optional(),
  /** Requests are signed only with a secret that the caller brought; with a generated one, the header is left out. */
  only_own_secrets: z.boolean().default(false),
});

const retry = z
  .array(z.int().min(1))
  .max(MAX_DELAYS)
  .refine(
    (delays) => delays.reduce((sum, delay) => sum + delay, 0) <= MAX_SCHEDULE_SECONDS,
    'must be at most 13 days in all',
  );

export const dialectDefinition = z
  .strictObject({
    envelope,
    headers: z
      .array(z.strictObject({ name: headerName, value: headerValue(HEADER_WORDS) }))
      .max(10)
      .default([]),
    signature: signature.optional(),
    /** The delays between attempts in seconds. */
    retry_delays: retry.default([10, 60, 300]),
    /** When the circuit breaker pauses an endpoint: after an outage, at the tenth failure in a row, or never. */
    breaker: z.enum(['outage', 'ten_failures', 'off']).default('outage'),
    /** Does a 410 disable the endpoint? */
    gone_disables: z.boolean().default(false),
  })
  .superRefine(({ headers, signature: signed }, context) => {
    const own = [signed?.header, signed?.timestamp_header].filter((name) => name !== undefined);
    const names = [...headers.map(({ name }) => name), ...own].map((name) => name.toLowerCase());
    if (new Set(names).size < names.length) {
      context.addIssue({ code: 'custom', path: ['headers'], message: 'must not set a header twice' });
    }
  });

/** With its defaults filled in: what {@link dialectDefinition} answers. */
export type DialectDefinition = z.output<typeof dialectDefinition>;
