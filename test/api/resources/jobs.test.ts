import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteId } from '../../../lib/api/routes.ts';
import { type Pair, makePair } from '../failed-delivery.ts';
import { ApiFixture } from '../fixture.ts';

const UNKNOWN = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';
const SINCE = '2025-12-31T00:00:00Z';

let fixture: ApiFixture;
let pair: Pair;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  pair = await makePair(fixture, [60]);
});
afterEach(() => fixture.close());

describe('bulk work', () => {
  const job = (kind: string, more: object = {}) => ({
    id: expect.stringMatching(/^job_/),
    kind,
    endpoint_id: null,
    event_id: null,
    status: 'running',
    processed: 0,
    skipped: 0,
    erasure: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    ...more,
  });

  it('is answered with its job, which can be looked at and cancelled', async () => {
    const params = { id: pair.endpointId };
    const retry = await fixture.succeed('deliveries.bulk-retry', { body: { status: 'exhausted', since: SINCE } });
    expect(retry).toEqual(job('retry'));
    const replay = await fixture.succeed('endpoints.replay', { params, body: { since: SINCE, event_types: ['a.*'] } });
    expect(replay).toEqual(job('replay', { endpoint_id: pair.endpointId }));
    const ofEvent = await fixture.succeed('events.replay', { params: { id: pair.eventId } });
    expect(ofEvent).toEqual(job('replay', { event_id: pair.eventId }));
    expect(fixture.store.queues.count('jobs').visible).toBe(3);
    const cancelled = await fixture.succeed('jobs.cancel', { params: { id: retry.id } });
    expect(cancelled).toEqual(job('retry', { status: 'cancelled' }));
    expect(await fixture.succeed('jobs.get', { params: { id: retry.id } })).toEqual(cancelled);
  });

  it.each<[string, RouteId, object, string]>([
    ['no condition', 'deliveries.bulk-retry', {}, 'The body must have at least one condition.'],
    [
      'a status that is not final',
      'deliveries.bulk-retry',
      { status: 'held' },
      '`status` must be one of exhausted, aband',
    ],
    ['an empty range', 'deliveries.bulk-retry', { since: SINCE, until: SINCE }, '`since` must be before `until`.'],
    ['no time', 'endpoints.replay', {}, '`since` must be an ISO 8601 time'],
    ['no zone', 'endpoints.replay', { since: '2026-01-01T00:00:00' }, '`since` must be an ISO 8601 time with a zone'],
    ['no type', 'endpoints.replay', { since: SINCE, event_types: [] }, '`event_types` must have at least 1 entry'],
    ['an empty range', 'endpoints.replay', { since: SINCE, until: SINCE }, '`since` must be before `until`.'],
    ['101 endpoints', 'events.replay', { endpoint_ids: Array(101).fill(`ep_${UNKNOWN}`) }, 'at most 100 entries'],
    ['no endpoint', 'events.replay', { endpoint_ids: [] }, '`endpoint_ids` must have at least 1 entry'],
  ])('is refused with %s', async (_, route, body, words) => {
    const id = route === 'endpoints.replay' ? pair.endpointId : pair.eventId;
    const problem = await fixture.refused(route, { params: { id }, body });
    expect(problem).toMatchObject({ status: 422, detail: expect.stringContaining(words) });
  });

  it('takes the first moment of 1970 as an end like any other, which is before all events', async () => {
    const body = { since: '1960-01-01T00:00:00Z', until: '1970-01-01T00:00:00Z' };
    const jobs = [
      await fixture.succeed('deliveries.bulk-retry', { body }),
      await fixture.succeed('endpoints.replay', { params: { id: pair.endpointId }, body }),
    ];
    for (const { id } of jobs)
      expect((await fixture.store.jobs.get('default', id))?.selection).toMatchObject({ until: 0 });
  });

  it('is refused for what is not there', async () => {
    const at = (prefix: string) => ({ params: { id: `${prefix}_${UNKNOWN}` } });
    const since = { since: SINCE };
    const noEndpoint = { endpoint_id: `ep_${UNKNOWN}` };
    expect((await fixture.refused('endpoints.replay', { ...at('ep'), body: since })).status).toBe(404);
    expect((await fixture.refused('events.replay', at('evt'))).status).toBe(404);
    expect((await fixture.refused('jobs.cancel', at('job'))).status).toBe(404);
    expect((await fixture.refused('deliveries.bulk-retry', { body: noEndpoint })).status).toBe(404);
  });
});

it('answers an unknown job with 404', async () => {
  const problem = await fixture.refused('jobs.get', { params: { id: `job_${UNKNOWN}` } });
  expect(problem).toMatchObject({ status: 404, detail: expect.stringContaining('No such job') });
});

it('shows a job and its progress', async () => {
  const id = `job_${UNKNOWN}`;
  const at = { createdAt: fixture.clock.now(), updatedAt: fixture.clock.now() };
  const job = {
    tenantId: 'default',
    id,
    kind: 'release',
    endpointId: pair.endpointId,
    status: 'running',
    step: 0,
    processed: 5,
    generation: 1,
  } as const;
  await fixture.store.jobs.createUnlessExists({ ...job, ...at });
  expect(await fixture.succeed('jobs.get', { params: { id } })).toEqual({
    id,
    kind: 'release',
    endpoint_id: pair.endpointId,
    event_id: null,
    status: 'running',
    processed: 5,
    skipped: 0,
    erasure: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  });
});
