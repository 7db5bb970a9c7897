import type { EventLog } from '../../lib/ports/event-log.ts';

/** An event log as it is where queues are a service of their own: an event and its messages are two calls. */
export function queuesApart(events: EventLog): EventLog {
  return new Proxy(events, {
    get(target, name) {
      if (name === 'putWithMessages') return undefined;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
