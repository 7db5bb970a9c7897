import { ServiceFault } from '../../domain/errors.ts';

/** An error on its way to another thread: a copy would lose its class. */
export interface CrossingError {
  name: string;
  message: string;
  stack?: string | undefined;
  cause?: CrossingError;
}

export function crossing(error: unknown): CrossingError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause !== undefined && { cause: crossing(cause) }) };
}

/** The same error again: a ServiceFault, which callers tell by its class, or another of the same name. */
export function arrived({ name, message, stack, cause }: CrossingError): Error {
  const again = name === 'ServiceFault' ? new ServiceFault(message) : Object.assign(new Error(message), { name });
  if (stack !== undefined) again.stack = stack;
  if (cause) again.cause = arrived(cause);
  return again;
}
