/** An error that the user can fix; the message says how. */
export class Refusal extends Error {}

/** An error in one line, with its cause unless that says the same. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== error.message
    ? `${error.message} (${cause.message})`
    : error.message;
}

/** A text of others' as a terminal can show it: control characters, which could move its cursor, are written out. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
