import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import { Api, type Json } from '../../e2e/api.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const CONSUMERS = 100;

describe('polls that wait', () => {
  let service: Service;
  let calls: string[];
  let api: Api;
  let id: string;

  beforeEach(async () => {
    calls = [];
    service = await startService({
      dataDir: ':memory:',
      port: 0,
      log: new MemoryLog(),
      around: (ports) => ({
        ...ports,
        polls: {
          ...ports.polls,
          entriesAfter: (...args) => {
            calls.push('entriesAfter');
            return ports.polls.entriesAfter(...args);
          },
        },
      }),
    });
    api = new Api(service);
    id = (await api.endpoint({ kind: 'poll' })).id;
  });
  afterEach(() => service.stop());

  const waiting = () => Array.from({ length: CONSUMERS }, () => api.call('GET', `/v1/endpoints/${id}/poll?wait=20`));

  /** Each has looked once and found nothing. */
  const untilAllWait = async () => {
    while (calls.length < CONSUMERS) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test('a hundred of them look once each, and one event wakes them all', async () => {
    const polls = waiting();
    await untilAllWait();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(calls).toHaveLength(CONSUMERS);
    const event = await api.post();
    const answers = await Promise.all(polls);
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.data[0].event_id}`))).toEqual(
      new Set([`200 ${event.id}`]),
    );
    expect(calls).toHaveLength(2 * CONSUMERS);
  });

  test('the end of the service ends them with an answer, long before their time', async () => {
    const polls = waiting();
    await untilAllWait();
    await service.stop();
    const answers = await Promise.all(polls);
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body.data])))).toEqual(
      new Set([JSON.stringify([200, []])]),
    );
  });

  test('an entry of another endpoint wakes none', async () => {
    const other: Json = await api.endpoint({ kind: 'poll', events: ['other.happened'] });
    const poll = api.call('GET', `/v1/endpoints/${other.id}/poll?wait=1`);
    await api.post();
    expect((await poll).body.data).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(2);
  });
});
