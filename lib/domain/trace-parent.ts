import type { Event } from './event.ts';

/** Version 00; ids of nothing but zeros are not valid (W3C Trace Context, "traceparent Header Field Values"). */
const TRACE_PARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The W3C `traceparent` that the platform has given an event, as a member of its trace; undefined: none, or one that is
 * not valid.
 */
export function traceParentOf({ trace }: Pick<Event, 'trace'>): string | undefined {
  // Most traces have none, and need not be parsed with each request.
  if (!trace?.includes('"traceparent"')) return undefined;
  const { traceparent } = JSON.parse(trace) as { traceparent?: unknown };
  return typeof traceparent === 'string' && TRACE_PARENT.test(traceparent) ? traceparent : undefined;
}
