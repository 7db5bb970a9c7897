// oxlint-disable-next-line import/no-named-as-default -- the package's named export has no types
import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';

/** What middlewares find out about one call, by name: the handler gets it with the event. */
type Found = Record<string, unknown>;

/** A middleware that hands on `Adds`, and needs nothing of the others unless it says so. */
export type Middleware<Event, Result = unknown, Adds extends Found = {}> = MiddlewareObj<
  Event,
  Result,
  Error,
  Context,
  Adds
>;

/** Starts a chain of middlewares, without middy's early-timeout signal: a handler with a deadline reads it itself. */
export function compose<Event extends object, Result>() {
  return middy<Event, Result>({ timeoutEarlyInMillis: 0 });
}

interface Call<Event, Adds> {
  event: Event;
  context: Context;
  found: Adds;
}

/**
 * Ends a chain: the handler gets what its middlewares found, typed by what each of them adds. Middy itself hands a handler
 * only the event and Lambda's context.
 */
export function handledBy<Event extends object, Result, Adds extends Found>(
  chain: MiddyfiedHandler<Event, Result, Error, Context, Adds>,
  handler: (call: Call<Event, Adds>) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  const found = new WeakMap<Event, Adds>();
  chain.before(({ event, internal }) => void found.set(event, internal));
  const handle = async (event: Event, context: Context) => {
    const ofThisCall = found.get(event);
    if (!ofThisCall) throw new Error('A call must go through its middlewares.');
    return handler({ event, context, found: ofThisCall });
  };
  const composed = chain.handler(handle);
  return (event, context) => composed(event, context);
}
