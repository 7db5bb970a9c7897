// oxlint-disable-next-line import/no-named-as-default -- the package's named export has no types
import middy from '@middy/core';

export type { MiddlewareObj } from '@middy/core';

/** Starts a chain of middleware, without middy's early-timeout signal: a handler with a deadline reads it itself. */
export function compose<Event, Result>() {
  return middy<Event, Result>({ timeoutEarlyInMillis: 0 });
}
