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
