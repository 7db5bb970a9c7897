// oxlint-disable-next-line import/no-named-as-default -- the package's named export has no types
import middy from '@middy/core';

export type { MiddlewareObj } from '@middy/core';

/** A handler to be composed of middleware, without middy's own watch on the time: who has a deadline is told of it. */
export function compose<Event, Result>() {
  return middy<Event, Result>({ timeoutEarlyInMillis: 0 });
}
