/** The attribute of each field of a record. The type requires all of them: a forgotten field does not compile. */
export type AttributeNames<T> = Readonly<Record<keyof T & string, string>>;

/** The fields of a record that have a value, under their attribute names. */
export function toAttributes<T extends object>(record: T, names: AttributeNames<T>): Record<string, unknown> {
  const fields = Object.entries(names) as [keyof T & string, string][];
  return Object.fromEntries(
    fields.flatMap(([field, name]) => (record[field] === undefined ? [] : [[name, record[field]]])),
  );
}

/** The reverse of {@link toAttributes}. */
export function fromAttributes<T extends object>(item: Readonly<Record<string, unknown>>, names: AttributeNames<T>): T {
  const fields = Object.entries(names) as [string, string][];
  return Object.fromEntries(
    fields.flatMap(([field, name]) => (item[name] === undefined ? [] : [[field, item[name]]])),
  ) as T;
}
