import { type ErrorCode, RequestError, ServiceFault, VisibilityLimitError } from '../../domain/errors.ts';

/** An error on its way to another thread: a copy would lose its class. */
export interface CrossingError {
  name: string;
  message: string;
  stack?: string | undefined;
  /** Of a RequestError. */
  code?: ErrorCode;
  retryAfterSeconds?: number | undefined;
  cause?: CrossingError;
}

export function crossing(error: unknown): CrossingError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    stack,
    ...(error instanceof RequestError && { code: error.code, retryAfterSeconds: error.retryAfterSeconds }),
    ...(cause !== undefined && { cause: crossing(cause) }),
  };
}

/** The same error again, of the class that callers tell it by. */
export function arrived(error: CrossingError): Error {
  const again = ofItsClass(error);
  if (error.stack !== undefined) again.stack = error.stack;
  if (error.cause) again.cause = arrived(error.cause);
  return again;
}

function ofItsClass({ name, message, code, retryAfterSeconds }: CrossingError): Error {
  if (code !== undefined) return new RequestError(code, message, retryAfterSeconds);
  if (name === 'VisibilityLimitError') return new VisibilityLimitError(message);
  if (name === 'ServiceFault') return new ServiceFault(message);
  if (name === 'RangeError') return new RangeError(message);
  return new Error(message);
}
