import { MAX_RECEIVE } from '../../adapters/sqlite/queue/queues.ts';
import type { Ports } from '../../ports/ports.ts';
import { CONSUMER_TIMEOUT_SECONDS } from '../../ports/queue-rules.ts';
import type { QueueName, ReceivedMessage } from '../../ports/queues.ts';
import { type PollableQueues, type Poller, startPoller } from './poller.ts';
import type { SetTimer } from './timer.ts';

/** A stage, as a function of AWS calls it. @returns the ids of the messages that must come back */
type Work = (batch: { messages: readonly ReceivedMessage[]; deadline: number }) => Promise<string[]>;

/**
 * Starts pollers whose messages are worked one by one, each within the time of a consumer: in one process a batch saves
 * nothing, and a message that shared a batch with a slow endpoint's would be acknowledged, and make room, only after the
 * slow response.
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
