import { expect, vi } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { hideForFault, poisonMessage } from '../../../lib/pipeline/delivery/faulty-messages.ts';
import type { QueueName } from '../../../lib/ports/queues.ts';
import { test as base } from '../../support/pipeline-test.ts';

const test = base.extend('arrival', ({ world }) => async (queue: QueueName) => {
  await world.store.queues.send(queue, [{ body: 'unreadable', group: 'g' }]);
  const [message] = await world.store.queues.receive(queue, 1);
  if (!message) throw new Error('The queue gave no message.');
  return message;
});

const STAGES: [QueueName, string][] = [
  ['deliveries', 'dispatch'],
  ['retries', 'dispatch'],
  ['slow', 'dispatch'],
  ['jobs', 'job'],
];

test.for(STAGES)('of %s are logged by the stage %s', async ([queue, stage], { world, arrival }) => {
  const message = await arrival(queue);
  expect(await poisonMessage(world.ports, queue, message, 'why')).toBe(true);
  expect(world.log.named(`${stage}.poisoned`)).toMatchObject([{ level: 'error', fields: { queue } }]);

  vi.spyOn(world.ports.queues, 'send').mockRejectedValue(new ServiceFault('SQS does not answer'));
  vi.spyOn(world.ports.queues, 'hide').mockRejectedValue(new ServiceFault('SQS does not answer'));
  expect(await poisonMessage(world.ports, queue, message, 'why')).toBe(false);
  await hideForFault(world.ports, queue, message);
  expect(world.log.named(`${stage}.not-poisoned`)).toMatchObject([{ fields: { queue } }]);
  expect(world.log.named(`${stage}.not-hidden`)).toMatchObject([{ level: 'warn', fields: { queue } }]);
});
