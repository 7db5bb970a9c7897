import * as z from 'zod';
import { type FieldOf, fieldListOf, fieldName } from '../../dialects/declared/field-list.ts';
import { batchEvent } from '../resources/events/batch-schemas.ts';
import { tenantId } from '../schemas/ids.ts';

// How an event is made of a source's message, as data. read-message.ts carries it out. docs/sources.md explains it.

const MAX_VALUES = 200;
const MAX_VALUE = 256;
/** The whole message. */
export const WHOLE = '.';

/** What a source's event is validated by: that of a batch, and whose it is. */
export const sourceEvent = z.strictObject({ ...batchEvent.shape, tenant_id: tenantId });

const path = z
  .string()
  .regex(
    /^(?:\.|[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,7})$/,
    'must be a path in the message, such as detail.order.id (up to 8 names), or "." for the whole message',
  );

const readField = z.strictObject({
  name: fieldName,
  from: path,
  /** What texts become. Those that are not listed stay as they are. */
  values: z
    .record(z.string().min(1).max(MAX_VALUE), z.string().max(MAX_VALUE))
    .refine((values) => Object.keys(values).length <= MAX_VALUES, `must be at most ${MAX_VALUES} values`)
    .optional(),
});
export type ReadField = z.infer<typeof readField>;
export type SourceField = FieldOf<ReadField>;

const sourceFields = fieldListOf<ReadField>(readField).superRefine((fields, context) => {
  for (const [index, { name }] of fields.entries()) {
    if (Object.hasOwn(sourceEvent.shape, name)) continue;
    const names = Object.keys(sourceEvent.shape).join(', ');
    context.addIssue({ code: 'custom', path: [index, 'name'], message: `must be one of ${names}` });
  }
});

/** What the API asks of every event. */
const NEEDED = ['tenant_id', 'type', 'data'] as const;

/** Of what EventBridge sends. What an operator declares comes in the place of a field of the same name. */
export const EVENT_BRIDGE_FIELDS: readonly SourceField[] = [
  { name: 'type', from: 'detail-type' },
  { name: 'data', from: 'detail' },
  { name: 'occurred_at', from: 'time' },
  { name: 'idempotency_key', from: 'id' },
];

/** What is wrong with a source's fields: one line for each mistake, with its place. */
export class SourceFieldError extends Error {
  override name = 'SourceFieldError';
}

/** @param value as docs/sources.md describes it @throws SourceFieldError */
export function readSourceFields(value: unknown, defaults: readonly SourceField[] = []): SourceField[] {
  const result = sourceFields.safeParse(value);
  if (!result.success)
    throw unusable(
      result.error.issues.map(({ path: place, message }) => `${['fields', ...place].join('.')}: ${message}`),
    );
  const own = new Set(result.data.map(({ name }) => name));
  const fields = [...defaults.filter(({ name }) => !own.has(name)), ...result.data];
  const missing = NEEDED.filter((needed) => !fields.some(({ name }) => name === needed));
  if (missing.length > 0) throw unusable([`fields: must have ${missing.join(', ')}: no message is an event without`]);
  return fields;
}

function unusable(lines: readonly string[]): SourceFieldError {
  return new SourceFieldError(`The fields of a source can't be used:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
