import { describe, expect, test } from 'vitest';
import type { PostriderProps } from '../../lib/infra/postrider.ts';
import { functionsOf, ofType, pointedAt, synthesize } from './synthesized.ts';

function limitsOf(props: PostriderProps): Record<string, number> {
  const sources = ofType(synthesize(props).resources, 'AWS::Lambda::EventSourceMapping');
  return Object.fromEntries(
    sources.map(([, { Properties }]) => [
      pointedAt(Properties.EventSourceArn).replace('queue ', ''),
      Properties.ScalingConfig.MaximumConcurrency,
    ]),
  );
}

function reservedOf(props: PostriderProps): Record<string, number> {
  const functions = Object.entries(functionsOf(synthesize(props).resources));
  const reserved = functions.map(([entry, { ReservedConcurrentExecutions }]) => [entry, ReservedConcurrentExecutions]);
  return Object.fromEntries(reserved.filter(([, value]) => value !== undefined)) as Record<string, number>;
}

describe('the queues’ share of the account’s concurrency', () => {
  test.each([
    [100, { deliveries: 20, retries: 10, slow: 2, jobs: 5, probes: 5 }],
    [1000, { deliveries: 100, retries: 50, slow: 20, jobs: 5, probes: 5 }],
  ])('in an account with a quota of %i leaves room for the API', (accountConcurrency, limits) => {
    expect(limitsOf({ accountConcurrency })).toEqual(limits);
    expect(Object.values(limits).reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(0.6 * accountConcurrency);
  });

  test('in a new account, with a quota of 10, is the least that Lambda accepts for each', () => {
    expect(limitsOf({ accountConcurrency: 10 })).toEqual({ deliveries: 2, retries: 2, slow: 2, jobs: 2, probes: 2 });
  });

  test('is what was asked for, queue by queue', () => {
    const limits = limitsOf({ accountConcurrency: 10, maximumConcurrency: { deliveries: 4 } });
    expect(limits).toEqual({ deliveries: 4, retries: 2, slow: 2, jobs: 2, probes: 2 });
  });

  test.each([0, 9, 10.5, Number.NaN])('is refused for a quota of %d', (accountConcurrency) => {
    expect(() => synthesize({ accountConcurrency })).toThrow('accountConcurrency must be a whole number from 10 on');
  });
});

describe('reserved concurrency', () => {
  test('is none by default: every account has room for that', () => {
    expect(reservedOf({})).toEqual({});
  });

  test('goes to the functions for which it was asked', () => {
    expect(reservedOf({ reservedConcurrency: { ingest: 50, authorizer: 20, dispatch: 170 } })).toEqual({
      ingest: 50,
      authorizer: 20,
      dispatch: 170,
    });
  });

  test('may not be less than the event sources of a function use: it would be throttled', () => {
    expect(() => synthesize({ reservedConcurrency: { dispatch: 169 } })).toThrow(
      'reservedConcurrency.dispatch must be at least 170, the maximum concurrency of its queues, is 169',
    );
    expect(() => synthesize({ reservedConcurrency: { jobs: 4 } })).toThrow(
      'reservedConcurrency.jobs must be at least 5',
    );
  });
});
