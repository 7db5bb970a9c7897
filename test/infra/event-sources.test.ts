import { describe, expect, test } from 'vitest';
import { ofType, pointedAt, synthesize } from './synthesized.ts';

const { resources } = synthesize({ maximumConcurrency: { deliveries: 40, retries: 20 } });

describe('event sources', () => {
  const sources = Object.fromEntries(
    ofType(resources, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => [
      pointedAt(Properties.EventSourceArn),
      Properties,
    ]),
  );

  test('deliveries, retries, slow and jobs have one each, with a maximum concurrency of its own', () => {
    const limits = Object.entries(sources).map(([queue, { ScalingConfig }]) => [queue, ScalingConfig]);
    expect(Object.fromEntries(limits)).toEqual({
      'queue deliveries': { MaximumConcurrency: 40 },
      'queue retries': { MaximumConcurrency: 20 },
      'queue slow': { MaximumConcurrency: 20 },
      'queue jobs': { MaximumConcurrency: 5 },
    });
  });

  test.each(Object.keys(sources))('%s: batches of ten without a window, and partial failures', (queue) => {
    expect(sources[queue]).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(sources[queue]).not.toHaveProperty('MaximumBatchingWindowInSeconds');
  });

  test('a message stays hidden for at least twice as long as its function runs', () => {
    for (const [queue, { FunctionName }] of Object.entries(sources)) {
      const id = Object.keys(resources).find(
        (each) => resources[each]?.Type === 'AWS::SQS::Queue' && pointedAt({ Ref: each }) === queue,
      );
      const { VisibilityTimeout } = resources[id as string]?.Properties ?? {};
      expect(VisibilityTimeout, queue).toBeGreaterThanOrEqual(2 * resources[FunctionName.Ref]?.Properties.Timeout);
    }
  });
});
