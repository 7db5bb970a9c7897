import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { compose } from '../../lambdas/runtime/compose.ts';
import { openLog } from '../../lambdas/runtime/deployment.ts';
import { invocation } from '../../lambdas/runtime/invocations.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

type Line = Record<string, unknown>;

/** A function of one instance: each call logs what it is given. */
function functionLogging() {
  const written: Line[] = [];
  const environment = { POSTRIDER_LOG_SAMPLE: '0', POSTRIDER_SERVICE: 'Postrider' };
  const opened = openLog({ environment }, new VirtualClock(), (line) => written.push(JSON.parse(line) as Line));
  const handle = compose<{ fails?: boolean; lines: Line[] }, void>()
    .use(invocation(opened))
    .handler(async ({ fails, lines }) => {
      for (const { event, ...fields } of lines) opened.log.info(String(event), fields as Record<string, string>);
      if (fails) throw new Error('the function fails');
    });
  const call = async (awsRequestId: string, lines: Line[], fails = false) =>
    handle({ lines, fails }, { awsRequestId } as Context);
  return { call, written };
}

const DELIVERED = { event: 'dispatch.attempt', event_id: 'evt_1', status: 'delivered', attempt_number: 1 };
const FAILED = { ...DELIVERED, status: 'retrying' };

test('each line names its invocation, and those of the first one that the instance has just started', async () => {
  const { call, written } = functionLogging();
  await call('first', [{ event: 'sweep.done' }]);
  await call('second', [{ event: 'sweep.done' }]);
  expect(written.map(({ aws_request_id, cold_start }) => [aws_request_id, cold_start])).toEqual([
    ['first', true],
    ['second', undefined],
  ]);
});

test('metrics count the lines that are left out, and are written when the invocation ends', async () => {
  const { call, written } = functionLogging();
  await call('first', [DELIVERED, DELIVERED]);
  expect(written).toMatchObject([{ event: 'metrics', DeliveriesDelivered: 2 }]);
});

test('metrics are written also when the invocation fails', async () => {
  const { call, written } = functionLogging();
  await expect(call('first', [FAILED], true)).rejects.toThrow('the function fails');
  expect(written.map(({ event }) => event)).toEqual(['dispatch.attempt', 'metrics']);
});
