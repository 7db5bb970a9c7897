import * as z from 'zod';
import { framingHeader, reservedHeader } from '../../domain/header-policy.ts';
import { MAX_DELAYS, MAX_SCHEDULE_SECONDS } from '../../domain/retry-schedule.ts';
import { HEADER_WORDS, SIGNATURE_WORDS, SIGNED_WORDS, templateProblem } from './template.ts';

// A dialect as data. This file says what may be in it; declared.ts carries it out. docs/dialects.md explains it.

const MAX_TEMPLATE = 300;
const MAX_FIELDS = 40;
const MAX_NESTING = 4;
const MAX_CONSTANT = 1024;
const MAX_DEPTH = 20;

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

const fieldName = z.string().regex(/^[^\p{C}]{1,64}$/u, 'must be 1 to 64 printable characters');

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
/** Level by level, so that it needs no deep stack. */
function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return true;
  }
  return false;
}

const constant = z.strictObject({
  name: fieldName,
  value: z
    .unknown()
    .refine(isShallow, { error: `must nest at most ${MAX_DEPTH} deep`, abort: true })
    .pipe(
      z
        .json()
        .refine(
          (value) => JSON.stringify(value).length <= MAX_CONSTANT,
          `must be at most ${MAX_CONSTANT} bytes as JSON`,
        ),
    ),
});

export interface NestedField {
  name: string;
  fields: readonly Field[];
}
export type Field = z.infer<typeof fromEvent> | z.infer<typeof constant> | NestedField;

/** A union whose members are told apart by hand, so that a mistake in one is named. */
function chosen<T>(choose: (value: unknown) => z.ZodType | undefined, otherwise: string): z.ZodType<T> {
  return z.unknown().transform((value, context) => {
    const schema = choose(value);
    if (!schema) {
      context.addIssue({ code: 'custom', message: otherwise });
      return z.NEVER;
    }
    const result = schema.safeParse(value);
    if (result.success) return result.data as T;
    for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  });
}

const field = chosen<Field>(schemaOfField, 'must have a `name` and one of `from`, `value` and `fields`');

const nested = z.strictObject({ name: fieldName, fields: z.lazy(() => fieldList) });
const fieldList = z
  .array(field)
  .min(1)
  .max(MAX_FIELDS)
  .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, 'must not have a name twice');

function schemaOfField(value: unknown): z.ZodType | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const kinds = Object.entries({ from: fromEvent, value: constant, fields: nested });
  return kinds.find(([member]) => Object.hasOwn(value, member))?.[1];
}

/** Deeper lists are refused before they are read, so that reading them needs no deep stack. */
function nestingOf(value: unknown, depth = 0): number {
  if (depth > MAX_NESTING || typeof value !== 'object' || value === null) return depth;
  const fields: unknown = Array.isArray(value) ? value : (value as { fields?: unknown }).fields;
  if (!Array.isArray(fields)) return depth;
  return Math.max(depth + 1, ...fields.slice(0, MAX_FIELDS).map((one) => nestingOf(one, depth + 1)));
}

const listed = z
  .array(z.unknown())
  .refine((fields) => nestingOf(fields) <= MAX_NESTING, { error: `must nest at most ${MAX_NESTING} deep`, abort: true })
  .pipe(fieldList);
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
