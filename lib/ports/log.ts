/** The fields of a line. Never put a secret here. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line per event, whose name begins with its stage (`dispatch.attempt`, `sweep.postponed`). */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** @param cause its message and, for an unexpected one, its stack are logged */
  error(event: string, cause: unknown, fields?: LogFields): void;
}
