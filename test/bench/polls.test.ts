import { beforeAll, describe, expect, test } from 'vitest';
import { totalOf } from '../../bench/call-table.ts';
import { PAGE, type Polls, measurePolls } from '../../bench/polls.ts';

describe('what polling takes', () => {
  let polls: Polls;
  beforeAll(async () => {
    polls = await measurePolls();
  }, 60_000);

  const callsOf = ({ counts }: Polls[keyof Polls]) =>
    Object.fromEntries(counts.map(({ by, operation, calls }) => [`${by}: ${operation}`, calls]));

  test('a post writes the event and one entry, and sends no message', () => {
    expect(callsOf(polls.posted)).toEqual({
      'ingest: DynamoDB GetItem': PAGE,
      'ingest: DynamoDB PutItem': 2 * PAGE,
    });
    expect(totalOf(polls.posted.counts, 'writeUnits')).toBe(2 * PAGE);
  });

  test('a commit writes one record a delivery, the consumer, and how far it is settled', () => {
    expect(callsOf(polls.committed)['poll: DynamoDB PutItem']).toBe(PAGE + 2);
    expect(totalOf(polls.committed.counts, 'writeUnits')).toBeLessThanOrEqual(PAGE + 4);
  });

  test('a poll writes nothing, and one that finds nothing reads an endpoint and a page of entries', () => {
    for (const taken of [polls.polled, polls.empty]) expect(totalOf(taken.counts, 'writeUnits')).toBe(0);
    expect(callsOf(polls.empty)).toEqual({ 'poll: DynamoDB GetItem': 1, 'poll: DynamoDB Query': 1 });
  });
});
