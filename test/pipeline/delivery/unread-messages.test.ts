import { describe, expect } from 'vitest';
import { faultWaitSeconds } from '../../../lib/pipeline/delivery/faulty-messages.ts';
import { QUEUE_RULES } from '../../../lib/ports/queue-rules.ts';
import type { QueueName } from '../../../lib/ports/queues.ts';
import { test } from '../../support/pipeline-test.ts';

const DAY_SECONDS = 24 * 3600;
const NEWER = '{"v":99}';

/** Seconds from the first receive of a message that is hidden each time until SQS moves it. */
function secondsToTheEnd(maxReceives: number): number {
  let seconds = 0;
  for (let times = 1; times <= maxReceives; times += 1) seconds += faultWaitSeconds(times);
  return seconds;
}

describe('a message that nobody can work', () => {
  const limited = Object.entries(QUEUE_RULES).flatMap(([name, { redrive, retentionSeconds }]) =>
    redrive ? [{ name, redrive, retentionSeconds }] : [],
  );
  test.for(limited)(
    'reaches the dead-letter queue of $name before its retention ends',
    ({ redrive: { maxReceives, to }, retentionSeconds }) => {
      const end = secondsToTheEnd(maxReceives);
      // Half a day for the first wait in line, and for receives that come late.
      expect(end + DAY_SECONDS / 2).toBeLessThan(retentionSeconds);
      // SQS counts from the first sending: somebody needs days to look at it.
      expect(QUEUE_RULES[to].retentionSeconds - end).toBeGreaterThan(3 * DAY_SECONDS);
    },
  );

  test.for(['deliveries', 'slow', 'jobs'] as const)(
    'because newer code wrote it is logged at each receive, and ends in poison: %s',
    async (queue, { world, process }) => {
      await world.store.queues.send(queue, [{ body: NEWER, group: 'newer' }]);
      await world.run(process, 10 * DAY_SECONDS * 1000);
      expect([world.count(queue), world.count('poison')]).toEqual([0, 1]);
      const lines = [...world.log.named('dispatch.newer'), ...world.log.named('job.newer')];
      expect(lines).toHaveLength(QUEUE_RULES[queue satisfies QueueName].redrive?.maxReceives ?? 0);
      expect(lines[0]).toMatchObject({ level: 'warn', fields: { queue } });
    },
  );
});
