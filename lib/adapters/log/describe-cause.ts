import { RequestError, ServiceFault, ThrottledFault } from '../../domain/errors.ts';
import { unquoted } from '../../domain/unquoted.ts';

/** What a log line says about an error. */
export interface CauseText {
  message: string;
  /** Of unexpected errors only; expected ones need no stack trace. */
  stack?: string;
  /** A service was asked for too much, here or in what this was caused by. */
  fault?: 'throttled';
}

export function describeCause(cause: unknown): CauseText {
  return { ...textOf(cause), ...(isThrottled(cause) && { fault: 'throttled' }) };
}

function textOf(cause: unknown): CauseText {
  if (!(cause instanceof Error)) return { message: unquoted(String(cause)) };
  const message = unquoted(cause.message);
  const expected = cause instanceof RequestError || cause instanceof ServiceFault;
  if (!expected && cause.stack !== undefined) return { message, stack: withCauses(cause) };
  const inner = cause.cause instanceof Error ? unquoted(cause.cause.message) : message;
  return { message: inner === message ? message : `${message} (${inner})` };
}

function isThrottled(cause: unknown): boolean {
  return cause instanceof ThrottledFault || (cause instanceof Error && isThrottled(cause.cause));
}

function withCauses(error: Error): string {
  const own = unquoted(error.stack ?? error.message);
  return error.cause instanceof Error ? `${own}\ncaused by ${withCauses(error.cause)}` : own;
}
