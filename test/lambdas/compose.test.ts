import { expect, test } from 'vitest';
import { type Middleware, compose, handledBy } from '../../lambdas/runtime/compose.ts';
import { deadline } from '../../lambdas/runtime/deadline.ts';
import { failureLog } from '../../lambdas/runtime/failure-log.ts';
import { lambdaContext } from '../e2e/lambda-context.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

interface TestEvent {
  name: string;
}

/** Adds what a call is called, in its own time. */
function naming(): Middleware<TestEvent, string, { greeting: string }> {
  return {
    before: async ({ event, internal }) => {
      await new Promise((resolve) => setImmediate(resolve));
      internal.greeting = `Hello ${event.name}`;
    },
  };
}

test('a handler gets what the middlewares found for its own call, whatever else runs', async () => {
  const chain = compose<TestEvent, string>().use(naming());
  const handler = handledBy(chain, async ({ event, found }) => {
    await new Promise((resolve) => setImmediate(resolve));
    return `${found.greeting}, of ${event.name}`;
  });
  const names = ['a', 'b', 'c'];
  const answers = await Promise.all(names.map((name) => handler({ name }, lambdaContext('test', 1000))));
  expect(answers).toEqual(names.map((name) => `Hello ${name}, of ${name}`));
});

test('a call that fails is logged with the word of its stage, and fails for Lambda too', async () => {
  const log = new MemoryLog();
  const cause = new Error('broken');
  const handler = handledBy(compose<TestEvent, string>().use(failureLog('sweep', log)), () => Promise.reject(cause));
  const context = lambdaContext('sweep', 1000);
  await expect(handler({ name: 'a' }, context)).rejects.toBe(cause);
  expect(log.lines).toEqual([
    { level: 'error', event: 'sweep.failed', cause, fields: { aws_request_id: context.awsRequestId } },
  ]);
});

test('a middleware that fails keeps the call from its handler', async () => {
  const log = new MemoryLog();
  const failing: Middleware<TestEvent> = {
    before: () => {
      throw new Error('no');
    },
  };
  const chain = compose<TestEvent, string>().use(failureLog('jobs', log)).use(failing);
  const handler = handledBy(chain, async () => 'reached');
  await expect(handler({ name: 'a' }, lambdaContext('jobs', 1000))).rejects.toThrow('no');
  expect(log.named('jobs.failed')).toHaveLength(1);
});

test('the deadline is when Lambda stops the function', async () => {
  const clock = new VirtualClock();
  const context = { ...lambdaContext('sweep', 0), getRemainingTimeInMillis: () => 55_000 };
  const handler = handledBy(compose<TestEvent, number>().use(deadline(clock)), async ({ found }) => found.deadline);
  expect(await handler({ name: 'a' }, context)).toBe(clock.now() + 55_000);
});
