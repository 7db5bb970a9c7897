import type { FieldOf } from './field-list.ts';

/** JSON text; undefined: there is nothing, and the field is left out. */
export type Write<Source> = (source: Source) => string | undefined;

/**
 * Writes an object of these fields, in their order, as JSON text.
 * @param writerOf what writes a field that is read
 */
export function compileFields<Source, From extends { name: string }>(
  fields: readonly FieldOf<From>[],
  writerOf: (field: From) => Write<Source>,
): (source: Source) => string {
  const members = fields.map((field) => ({ name: JSON.stringify(field.name), write: writeOne(field, writerOf) }));
  return (source) => {
    const texts = members.flatMap(({ name, write }) => {
      const text = write(source);
      return text === undefined ? [] : [`${name}:${text}`];
    });
    return `{${texts.join(',')}}`;
  };
}

function writeOne<Source, From extends { name: string }>(
  field: FieldOf<From>,
  writerOf: (field: From) => Write<Source>,
): Write<Source> {
  if ('fields' in field) return compileFields(field.fields, writerOf);
  if ('value' in field) {
    const text = JSON.stringify(field.value);
    return () => text;
  }
  return writerOf(field);
}

/** JSON text of what was found. */
export function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
