import { ServiceFault } from '../../lib/domain/errors.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { allDeliveries } from '../support/invariants.ts';
import type { World } from '../support/world.ts';

/** Deletes what is visible in a queue. */
export async function lose(world: World, queue: QueueName): Promise<void> {
  await world.store.queues.delete(queue, await world.store.queues.receive(queue, 10));
}

/** Makes an exhausted delivery whose dead letter the queue refused. */
export async function halfFinish(world: World): Promise<void> {
  const { customers } = world;
  const refusing = world.process(undefined, async (call, run) => {
    if (call.method === 'send' && call.port === 'queues' && customers.received.length >= 2)
      throw new ServiceFault('no');
    return run();
  });
  await refusing.ingest(world.request('task.completed', 'key-1'));
  await world.run(refusing, 5000);
  const [delivery] = await allDeliveries(world);
  if (delivery?.dlqPending !== true) throw new Error('the delivery is not half-finished');
}
