import { expect } from 'vitest';
import { VisibilityLimitError } from '../../../lib/domain/errors.ts';
import type { Interceptor } from '../../support/fault-injection.ts';
import { test } from '../../support/pipeline-test.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** The first retry is a message that is delayed; the second one's is hidden. */
const RETRY = { delays: [1, 8 * 3600] };

test('a message that its queue does not hide for so long comes back earlier and waits on, and the log says so', async ({
  world,
  post,
}) => {
  let hidden = 0;
  const refusing: Interceptor = async ({ method }, run) => {
    if (method === 'hide' && (hidden += 1) === 1) throw new VisibilityLimitError('beyond the limit');
    return run();
  };
  const { id, url } = await world.endpointAnswering([500, 500, 200], { retry: RETRY });
  const event = await post();
  await world.run(world.process(undefined, refusing), 10 * HOUR);
  expect((await world.delivery(event, id))?.status).toBe('delivered');
  const [, second, third] = world.customers.at(url);
  expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(0.8 * 8 * HOUR - SECOND);
  const [line, ...others] = world.log.named('dispatch.hidden-for-less');
  expect(others).toEqual([]);
  const { seconds, wanted_seconds: wanted } = line?.fields ?? {};
  expect(seconds).toBe(Math.floor(Number(wanted) / 2));
  expect(hidden).toBe(3);
});

test('a message that is hidden for as long as it has to wait leaves no line', async ({ world, process, post }) => {
  const { id } = await world.endpointAnswering([500, 500, 200], { retry: RETRY });
  const event = await post();
  await world.run(process, 10 * HOUR);
  expect((await world.delivery(event, id))?.status).toBe('delivered');
  expect(world.log.named('dispatch.hidden-for-less')).toEqual([]);
});

test.for([
  // With the jitter of a fifth, the one is always due within 11.5 hours, the other never.
  [9 * 3600, 'retrying', 1],
  [15 * 3600, 'parked', 0],
] as const)(
  'a retry after %i s is %s: it has %i message',
  async ([delay, status, messages], { world, process, post }) => {
    const { id } = await world.endpointAnswering([500, 500, 200], { retry: { delays: [1, delay] } });
    const event = await post();
    await world.run(process, 60 * SECOND);
    expect(await world.delivery(event, id)).toMatchObject({ status, attempts: { length: 2 } });
    expect(world.count('retries')).toBe(messages);
    await world.run(process, 20 * HOUR);
    expect((await world.delivery(event, id))?.status).toBe('delivered');
  },
);

const DAY = 24 * HOUR;

// SQS would move it away after some receives more, or drop it.
test.for([
  [
    'that is six days old and was received 49 times',
    'waits on as it is',
    { receiveCount: 49, age: 6 * DAY, kept: true },
  ],
  ['that was received 50 times', 'is replaced by a new one', { receiveCount: 50, age: 0, kept: false }],
  ['that is seven days old', 'is replaced by a new one', { receiveCount: 1, age: 7 * DAY, kept: false }],
] as const)('the message of a retry %s %s', async ([, , { receiveCount, age, kept }], { world, process, post }) => {
  const { id } = await world.endpointAnswering([500, 500, 200], { retry: RETRY });
  const event = await post();
  await process.handle('deliveries', await world.store.queues.receive('deliveries', 10));
  await world.clock.advance(10 * SECOND);
  const messages = await world.store.queues.receive('retries', 10);
  const aged = messages.map((message) => ({ ...message, receiveCount, sentAt: world.clock.now() - age }));
  expect(await process.handle('retries', aged)).toEqual(kept ? [messages[0]?.messageId] : []);
  expect(await world.delivery(event, id)).toMatchObject({ status: 'retrying', attempts: { length: 2 } });
  expect(world.count('retries')).toBe(kept ? 1 : 2);
});
