import { describe, expect } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { pauseEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { runDueRetries, summarizeRetries } from '../../../lib/pipeline/manual/waiting-retries.ts';
import { writeExhausted } from '../../support/manual.ts';
import { test as base } from '../../support/pipeline-test.ts';
import { TENANT } from '../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Writes deliveries that have been due for an hour and have no message, as after the loss of a queue. */
const test = base.extend('writeWaiting', ({ world }) => async (count: number, changes: Partial<Delivery> = {}) => {
  const endpoint = await world.endpointAnswering(200, { retry: { delays: [60, 60] } });
  const dueAt = world.clock.now() - HOUR;
  const updatedAt = dueAt - MINUTE;
  const checkAt = world.clock.now() + HOUR;
  return writeExhausted(world, endpoint, count, { status: 'retrying', dueAt, checkAt, updatedAt, ...changes });
});

describe('a run of the due ones', () => {
  test('sends as many as it is allowed, and no duplicate', async ({ world, process, writeWaiting }) => {
    await writeWaiting(5);
    expect(await runDueRetries(world.ports, TENANT, 3)).toEqual({ processed: 3, more: true });
    await world.drain(process);
    expect(world.customers.received).toHaveLength(3);
    expect(await runDueRetries(world.ports, TENANT, 3)).toEqual({ processed: 2, more: false });
    await world.run(process, 2 * HOUR);
    expect(world.customers.received).toHaveLength(5);
    expect(await runDueRetries(world.ports, TENANT, 3)).toEqual({ processed: 0, more: false });
  });

  test('takes retrying, pending and parked ones, on all pages', async ({ world, process, writeWaiting }) => {
    await writeWaiting(201);
    await writeWaiting(1, { status: 'pending', attempts: [] });
    await writeWaiting(1, { status: 'parked' });
    expect(await runDueRetries(world.ports, TENANT, 1000)).toEqual({ processed: 203, more: false });
    await world.drain(process);
    expect(world.customers.received).toHaveLength(203);
  });

  test('skips those that are not due, that wait for a rate limit or a brake, or are held', async ({
    world,
    writeWaiting,
  }) => {
    await writeWaiting(1, { dueAt: world.clock.now() + 1 });
    await writeWaiting(1, { statusReason: 'rate_limited' });
    await writeWaiting(1, { status: 'parked', statusReason: 'braked' });
    await writeWaiting(1, { status: 'held', statusReason: 'paused' });
    expect(await runDueRetries(world.ports, TENANT, 10)).toEqual({ processed: 0, more: false });
    expect(await runDueRetries(world.ports, 'org_other', 10)).toEqual({ processed: 0, more: false });
  });

  test('delays nothing and sends nothing twice when it is called again and again', async ({
    world,
    process,
    writeWaiting,
  }) => {
    await writeWaiting(2);
    await runDueRetries(world.ports, TENANT, 10);
    for (let n = 0; n < 60; n += 1) {
      await world.clock.advance(SECOND);
      expect(await runDueRetries(world.ports, TENANT, 10)).toEqual({ processed: 0, more: false });
    }
    // A minute later the first messages may be lost, so they are sent again.
    await world.clock.advance(MINUTE);
    expect(await runDueRetries(world.ports, TENANT, 10)).toEqual({ processed: 2, more: false });
    await world.drain(process);
    expect(world.customers.received).toHaveLength(2);
  });

  test('holds what comes up for a paused endpoint', async ({ world, process, writeWaiting }) => {
    const [record] = await writeWaiting(1);
    await pauseEndpoint(world.ports, TENANT, record?.endpointId ?? '');
    await runDueRetries(world.ports, TENANT, 10);
    await world.drain(process);
    expect(world.customers.received).toHaveLength(0);
    expect(record && (await world.ports.deliveries.get(record))?.status).toBe('held');
  });
});

describe('the summary', () => {
  test('counts by status, the rate-limited and the held apart, with the oldest and the next due time', async ({
    world,
    writeWaiting,
  }) => {
    const now = world.clock.now();
    expect(await summarizeRetries(world.ports, TENANT)).toEqual({
      counts: { pending: 0, retrying: 0, parked: 0, exhausted: 0 },
      rateLimited: 0,
      held: 0,
      due: 0,
      capped: false,
    });
    await writeWaiting(2);
    await writeWaiting(1, { dueAt: now - 2 * HOUR, status: 'pending', attempts: [], statusReason: 'delayed' });
    await writeWaiting(3, { dueAt: now + HOUR, status: 'parked' });
    await writeWaiting(1, { dueAt: now + MINUTE });
    await writeWaiting(1, { dueAt: now + SECOND, statusReason: 'rate_limited' });
    await writeWaiting(4, { status: 'held' });
    await writeWaiting(5, { status: 'exhausted' });
    await writeWaiting(6, { status: 'abandoned' });
    expect(await summarizeRetries(world.ports, TENANT)).toEqual({
      counts: { pending: 1, retrying: 3, parked: 3, exhausted: 5 },
      rateLimited: 1,
      held: 4,
      due: 3,
      oldestDueAt: now - 2 * HOUR,
      nextDueAt: now + MINUTE,
      capped: false,
    });
  });

  test('says so when there may be more than it counts', async ({ world, writeWaiting }) => {
    await writeWaiting(2001, { status: 'exhausted' });
    const capped = await summarizeRetries(world.ports, TENANT);
    expect(capped).toMatchObject({ counts: { exhausted: 2000 }, capped: true });
  });
});
