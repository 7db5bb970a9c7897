import { systemClock } from '../lib/adapters/system/system-clock.ts';
import type { Clock } from '../lib/ports/clock.ts';
import { Receiver } from '../test/e2e/receiver.ts';
import { EventPath, type Taken } from './event-path.ts';

/** What one event to one endpoint costs, on one of its possible paths. */
export interface Measured extends Taken {
  name: string;
}

const SECOND_MS = 1000;

/** Lets a second pass between invocations: each of them comes alone, and adds to usage by itself. */
class UnhurriedClock implements Clock {
  #ahead = 0;

  now(): number {
    return systemClock.now() + this.#ahead;
  }

  sleep(ms: number): Promise<void> {
    return systemClock.sleep(ms);
  }

  pass(): void {
    this.#ahead += SECOND_MS;
  }
}

/** The queues that the message of each attempt is received from. */
const AT_ONCE = ['deliveries'] as const;
const AT_THE_THIRD = ['deliveries', 'retries', 'retries'] as const;

export const AT_ONCE_NAME = 'delivered at once';
export const THIRD_ATTEMPT = 'delivered at the third attempt';
export const AUTHORIZER = 'the authorizer, once per key and 10 s';

/**
 * Measures the real functions with emulators in this process. Each path runs once before, so that the functions' caches
 * (endpoints, data keys, queue counts) are filled, as they are under load.
 */
export async function measureCalls(): Promise<Measured[]> {
  await using cleanup = new AsyncDisposableStack();
  const clock = new UnhurriedClock();
  const path = await EventPath.start(clock);
  cleanup.defer(() => path.stop());
  const healthy = await Receiver.start();
  cleanup.defer(() => healthy.stop());
  const failing = await Receiver.start((nth) => (nth <= 2 ? 500 : 200));
  cleanup.defer(() => failing.stop());

  await path.register('healthy', healthy.url);
  await path.register('failing', failing.url);
  await run(path, clock, 'healthy', AT_ONCE);
  await run(path, clock, 'failing', AT_THE_THIRD);
  await authorize(path);
  const measured = [
    { name: AT_ONCE_NAME, ...(await run(path, clock, 'healthy', AT_ONCE)) },
    { name: 'delivered at once, with an Idempotency-Key', ...(await run(path, clock, 'healthy', AT_ONCE, 'order-1')) },
    { name: THIRD_ATTEMPT, ...(await run(path, clock, 'failing', AT_THE_THIRD)) },
    { name: AUTHORIZER, ...(await authorize(path)) },
  ];
  if (healthy.arrivals.length !== 3 || failing.arrivals.length !== 6) throw new Error('not every attempt arrived');
  return measured;
}

/** Posts an event and handles its messages, one from each of the queues. @returns the calls that this took */
async function run(
  path: EventPath,
  clock: UnhurriedClock,
  tenant: string,
  queues: readonly ('deliveries' | 'retries')[],
  key?: string,
): Promise<Taken> {
  path.take();
  const body = { type: 'task.completed', data: { task_id: 'TASK-001', status: 'done' } };
  await path.post({ tenant, body, ...(key !== undefined && { key }) });
  for (const queue of queues) {
    clock.pass();
    await path.workNext(queue, 1);
  }
  return path.take();
}

async function authorize(path: EventPath): Promise<Taken> {
  path.take();
  await path.authorize();
  return path.take();
}
