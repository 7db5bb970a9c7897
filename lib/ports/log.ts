/** Facts of a line, by name. Secrets are of type SealedSecret or Secret and never belong here. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line a happening, named by its stage (`dispatch.attempt`, `sweep.resent`). */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** @param cause its message and, for an unexpected one, its stack are logged */
  error(event: string, cause: unknown, fields?: LogFields): void;
}
