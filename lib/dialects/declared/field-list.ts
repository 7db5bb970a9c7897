import * as z from 'zod';

// Fields as data, by which one JSON value is made of another: the body of a dialect, and the event of a source's message.
// write-fields.ts carries them out. What stands in `from` is for whoever declares them to say.

const MAX_FIELDS = 40;
const MAX_NESTING = 4;
const MAX_CONSTANT = 1024;
const MAX_DEPTH = 20;

export const fieldName = z.string().regex(/^[^\p{C}]{1,64}$/u, 'must be 1 to 64 printable characters');

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

/** Level by level, so that it needs no deep stack. */
function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return true;
  }
  return false;
}

export interface NestedField<From> {
  name: string;
  fields: readonly FieldOf<From>[];
}
/** A field that is read, of the kind `From`; or a constant; or an object of fields. */
export type FieldOf<From> = From | z.infer<typeof constant> | NestedField<From>;

/** A list of fields, no name twice. @param from the schema of those that are read */
export function fieldListOf<From>(from: z.ZodType<From>): z.ZodType<FieldOf<From>[]> {
  const nested = z.strictObject({ name: fieldName, fields: z.lazy(() => fieldList) });
  const kinds = Object.entries({ from, value: constant, fields: nested });
  const schemaOf = (value: unknown): z.ZodType | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    return kinds.find(([member]) => Object.hasOwn(value, member))?.[1];
  };
  const field = chosen<FieldOf<From>>(schemaOf, 'must have a `name` and one of `from`, `value` and `fields`');
  const fieldList: z.ZodType<FieldOf<From>[], unknown[]> = z
    .array(field)
    .min(1)
    .max(MAX_FIELDS)
    .refine((fields) => new Set(fields.map(nameOf)).size === fields.length, 'must not have a name twice');
  return z
    .array(z.unknown())
    .refine((fields) => nestingOf(fields) <= MAX_NESTING, {
      error: `must nest at most ${MAX_NESTING} deep`,
      abort: true,
    })
    .pipe(fieldList);
}

/** A union whose members are told apart by hand, so that a mistake in one is named. */
export function chosen<T>(choose: (value: unknown) => z.ZodType | undefined, otherwise: string): z.ZodType<T> {
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

/** Each kind of field has one. */
function nameOf(field: unknown): unknown {
  return (field as { name?: unknown }).name;
}

/** Deeper lists are refused before they are read, so that reading them needs no deep stack. */
function nestingOf(value: unknown, depth = 0): number {
  if (depth > MAX_NESTING || typeof value !== 'object' || value === null) return depth;
  const fields: unknown = Array.isArray(value) ? value : (value as { fields?: unknown }).fields;
  if (!Array.isArray(fields)) return depth;
  return Math.max(depth + 1, ...fields.slice(0, MAX_FIELDS).map((one) => nestingOf(one, depth + 1)));
}
