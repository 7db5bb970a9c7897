import { describe, expect, test } from 'vitest';
import { checkReserved, maximumConcurrencyOf, reservedByDefault } from '../../lib/infra/concurrency.ts';
import { functionsOf, ofType, pointedAt, synthesize } from './synthesized.ts';

const small = synthesize({ accountConcurrency: 10, maximumConcurrency: { deliveries: 4 } }).resources;
const reserving = synthesize({ reservedConcurrency: { ingest: 50, authorizer: 20, dispatch: 150 } }).resources;

function limitsIn(resources: typeof small): Record<string, number> {
  const sources = ofType(resources, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  return Object.fromEntries(
    sources.map((source) => [
      pointedAt(source.EventSourceArn).replace('queue ', ''),
      source.ScalingConfig.MaximumConcurrency,
    ]),
  );
}

function reservedIn(resources: typeof small): Record<string, number> {
  const functions = Object.entries(functionsOf(resources));
  const reserved = functions.map(([entry, { ReservedConcurrentExecutions }]) => [entry, ReservedConcurrentExecutions]);
  return Object.fromEntries(reserved.filter(([, value]) => value !== undefined)) as Record<string, number>;
}

describe('the queues’ share of the account’s concurrency', () => {
  test.each([
    [100, { deliveries: 20, retries: 10, slow: 4, jobs: 5 }],
    [500, { deliveries: 100, retries: 50, slow: 20, jobs: 5 }],
    [1000, { deliveries: 100, retries: 50, slow: 20, jobs: 5 }],
  ])('in an account with a quota of %i leaves room for the API', (accountConcurrency, limits) => {
    expect(maximumConcurrencyOf({}, accountConcurrency)).toEqual(limits);
  });

  test.each([10, 20, 50, 100, 1000])('leaves the API at least a fifth of a quota of %i, whatever waits', (quota) => {
    const used = Object.values(maximumConcurrencyOf({}, quota)).reduce((sum, limit) => sum + limit, 0);
    expect(quota - used).toBeGreaterThanOrEqual(0.2 * quota);
    // Two fifths of it are for the queues; below 50, Lambda's minimum for each queue is more than its share.
    if (quota >= 50) expect(used).toBeLessThanOrEqual(0.4 * quota);
  });

  test('in a new account, with a quota of 10, is the least that Lambda accepts for each', () => {
    expect(maximumConcurrencyOf({}, 10)).toEqual({ deliveries: 2, retries: 2, slow: 2, jobs: 2 });
  });

  test('is what was asked for, queue by queue', () => {
    expect(limitsIn(small)).toEqual({ deliveries: 4, retries: 2, slow: 2, jobs: 2 });
  });

  test.each([0, 9, 10.5, Number.NaN])('is refused for a quota of %d', (accountConcurrency) => {
    expect(() => maximumConcurrencyOf({}, accountConcurrency)).toThrow(
      'accountConcurrency must be a whole number from 10 on',
    );
  });
});

describe('reserved concurrency', () => {
  test('is none by default in a small account: every account has room for that', () => {
    expect(reservedIn(small)).toEqual({});
  });

  test('is some for polls in others, which then leave the rest to posts and deliveries', () => {
    expect(reservedByDefault()).toEqual({ poll: 20 });
    expect(reservedByDefault(199)).toEqual({});
  });

  test('goes to the functions for which it was asked', () => {
    expect(reservedIn(reserving)).toEqual({ poll: 20, ingest: 50, authorizer: 20, dispatch: 150 });
  });

  test('may not be less than the event sources of a function use: it would be throttled', () => {
    expect(() => synthesize({ reservedConcurrency: { dispatch: 149 } })).toThrow(
      'reservedConcurrency.dispatch must be at least 150, the maximum concurrency of its queues, is 149',
    );
    const maximum = maximumConcurrencyOf();
    expect(() => checkReserved({ jobs: 24 }, maximum)).toThrow('reservedConcurrency.jobs must be at least 25');
    expect(() => checkReserved({ jobs: 25, ingest: 1 }, maximum)).not.toThrow();
  });
});
