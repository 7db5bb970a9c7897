import { type Dispatch, createDispatch } from '../../pipeline/dispatch/dispatch.ts';
import { openThreads } from '../threads/open-threads.ts';
import type { PollableQueues } from './poller.ts';
import type { OpenPorts } from './open-ports.ts';
import type { ServiceOptions, ServiceRules } from './service-options.ts';

/** Who makes the deliveries: the main thread, and others while it is busy. */
export interface Deliveries {
  /** As the main thread makes them. */
  dispatch: Dispatch;
  /** The queues from which the main thread makes them. */
  queues: PollableQueues;
  /** Have other threads more to do than they can? */
  areBehind(): boolean;
  /** Ends the other threads, once what they have in flight is done. Safe to call twice. */
  stop(): Promise<void>;
}

export function openDeliveries(
  { dialects = {} }: ServiceOptions,
  { threads, egress, settings, setTimer }: ServiceRules,
  { ports, data }: OpenPorts,
): Deliveries {
  const opened = openThreads({ threads, egress, ports, data, settings, setTimer, dialects });
  const own = createDispatch(ports, settings, opened?.others, setImmediate);
  return {
    dispatch: opened?.watching(own) ?? own,
    queues: opened?.queues ?? data.store.queues,
    areBehind: () => opened?.queues.isBehind ?? false,
    stop: async () => opened?.threads.stop(),
  };
}
