import { MAX_RECEIVE } from '../../adapters/sqlite/queue/queues.ts';
import type { Dispatch } from '../../pipeline/dispatch/dispatch.ts';
import type { Ports } from '../../ports/ports.ts';
import { CONSUMER_TIMEOUT_SECONDS } from '../../ports/queue-rules.ts';
import type { QueueName, ReceivedMessage } from '../../ports/queues.ts';
import { type PollableQueues, type Poller, startPoller } from './poller.ts';
import type { SetTimer } from './timer.ts';

/**
 * Concurrent messages of one queue. Each is a call of its own: in one process a batch saves nothing, and a message that
 * shared a batch with a slow endpoint's would be acknowledged, and make room, only after the slow response.
 */
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

type Work = (batch: { messages: readonly ReceivedMessage[]; deadline: number }) => Promise<string[]>;

/**
 * Starts pollers whose messages are worked one by one, each within the time of a consumer.
 * @param taken `unsafe too`: the work itself waits, where it has to, for the disk to have a message
 */
export function pollersOf(
  { clock, log }: Pick<Ports, 'clock' | 'log'>,
  queues: PollableQueues,
  setTimer: SetTimer,
  taken: 'safe' | 'unsafe too' = 'safe',
) {
  const ofAll = { queues, clock, setTimer, log, receiveAtOnce: MAX_RECEIVE };
  return (work: Work, queue: QueueName, maxConcurrency: number): Poller => {
    const handle = async (message: ReceivedMessage, receivedAt: number) => {
      if (taken === 'safe') await message.safe;
      // However long the disk took: no message may come back while it is worked.
      const deadline = receivedAt + CONSUMER_TIMEOUT_SECONDS * 1000;
      const kept = await work({ messages: [message], deadline });
      return kept.length === 0;
    };
    return startPoller({ ...ofAll, queue, maxConcurrency, handle });
  };
}
