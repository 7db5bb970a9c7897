/** The fields of a line. Never put a secret here. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line per event, whose name begins with its stage (`dispatch.attempt`, `sweep.postponed`). */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** @param cause its message and, for an unexpected one, its stack are logged */
  error(event: string, cause: unknown, fields?: LogFields): void;
}

/** A log that shows the lines which are no errors to `watch`, before it hands them on. */
export function watched(log: Log, watch: (event: string, fields: LogFields) => void): Log {
  return {
    info(event, fields = {}) {
      watch(event, fields);
      log.info(event, fields);
    },
    warn(event, fields = {}) {
      watch(event, fields);
      log.warn(event, fields);
    },
    error: (event, cause, fields) => log.error(event, cause, fields),
  };
}

/** A log each of whose lines has these fields too, as they are when it is written. */
export function withFields(log: Log, added: () => LogFields): Log {
  return {
    info: (event, fields) => log.info(event, { ...fields, ...added() }),
    warn: (event, fields) => log.warn(event, { ...fields, ...added() }),
    error: (event, cause, fields) => log.error(event, cause, { ...fields, ...added() }),
  };
}
