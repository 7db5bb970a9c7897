import type { Dispatch } from '../../pipeline/dispatch/dispatch.ts';
import type { Ports } from '../../ports/ports.ts';
import type { PollableQueues, Poller } from './poller.ts';
import { pollersOf } from './queue-pollers.ts';
import type { SetTimer } from './timer.ts';

/** Concurrent messages of one queue, in all threads together. */
export const CONCURRENT_MESSAGES = 320;

interface DeliveryPollersOptions {
  ports: Pick<Ports, 'clock' | 'log'>;
  queues: PollableQueues;
  dispatch: Dispatch;
  setTimer: SetTimer;
  /** Among how many threads the concurrency of the process is shared; default: one has all of it. */
  threads?: number;
}

/** What the event sources of the dispatch function do on AWS, but for the queue slow. */
export function startDeliveryPollers(options: DeliveryPollersOptions): Poller {
  const { ports, queues, dispatch, setTimer, threads = 1 } = options;
  const poll = pollersOf(ports, queues, setTimer, 'unsafe too');
  const most = concurrencyAmong(threads);
  const pollers = [
    poll((batch) => dispatch({ queue: 'deliveries', ...batch }), 'deliveries', most),
    poll((batch) => dispatch({ queue: 'retries', ...batch }), 'retries', most),
  ];
  return {
    async stop() {
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
  };
}

/** Concurrent messages of one queue in each of so many threads. */
export function concurrencyAmong(threads: number): number {
  return Math.ceil(CONCURRENT_MESSAGES / threads);
}
