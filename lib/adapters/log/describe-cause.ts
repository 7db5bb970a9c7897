import { RequestError, ServiceFault } from '../../domain/errors.ts';

/** What a log line says about an error. */
export interface CauseText {
  message: string;
  /** Of unexpected errors only; expected ones need no stack trace. */
  stack?: string;
}

export function describeCause(cause: unknown): CauseText {
  if (!(cause instanceof Error)) return { message: String(cause) };
  const expected = cause instanceof RequestError || cause instanceof ServiceFault;
  if (!expected && cause.stack !== undefined) return { message: cause.message, stack: withCauses(cause) };
  const inner = cause.cause instanceof Error && cause.cause.message !== cause.message ? cause.cause.message : undefined;
  return { message: inner === undefined ? cause.message : `${cause.message} (${inner})` };
}

function withCauses(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${withCauses(error.cause)}` : own;
}
