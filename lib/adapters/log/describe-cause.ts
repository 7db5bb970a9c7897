import { RequestError, ServiceFault } from '../../domain/errors.ts';

/** What a log line says of an error. */
export interface CauseText {
  message: string;
  /** Of unexpected errors only: what was foreseen needs no trace of where it was thrown. */
  stack?: string;
}

export function describeCause(cause: unknown): CauseText {
  if (!(cause instanceof Error)) return { message: String(cause) };
  const foreseen = cause instanceof RequestError || cause instanceof ServiceFault;
  if (!foreseen && cause.stack !== undefined) return { message: cause.message, stack: withCauses(cause) };
  const inner = cause.cause instanceof Error && cause.cause.message !== cause.message ? cause.cause.message : undefined;
  return { message: inner === undefined ? cause.message : `${cause.message} (${inner})` };
}

function withCauses(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${withCauses(error.cause)}` : own;
}
