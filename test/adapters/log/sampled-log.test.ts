import { describe, expect, test } from 'vitest';
import { createSampledLog } from '../../../lib/adapters/log/sampled-log.ts';
import type { Log } from '../../../lib/ports/log.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const EVENTS = Array.from({ length: 2000 }, (_, n) => `evt_${n}`);

const accept = (log: Log, event_id: string) => log.info('ingest.accepted', { event_id, deliveries: 1 });
const deliver = (log: Log, event_id: string, attempt_number = 1) =>
  log.info('dispatch.attempt', { event_id, status: 'delivered', attempt_number });

function eventsIn(log: MemoryLog, name: string): unknown[] {
  return log.named(name).map(({ fields }) => fields.event_id);
}

describe('a log that writes a tenth', () => {
  test('writes what went well for about a tenth of the events', () => {
    const memory = new MemoryLog();
    const log = createSampledLog(memory, 0.1);
    for (const id of EVENTS) accept(log, id);
    expect(memory.lines.length).toBeGreaterThan(140);
    expect(memory.lines.length).toBeLessThan(260);
  });

  test('writes all lines of an event or none, in whatever function', () => {
    const [ofIngest, ofDispatch] = [new MemoryLog(), new MemoryLog()];
    for (const id of EVENTS) accept(createSampledLog(ofIngest, 0.1), id);
    for (const id of EVENTS) deliver(createSampledLog(ofDispatch, 0.1), id);
    expect(eventsIn(ofDispatch, 'dispatch.attempt')).toEqual(eventsIn(ofIngest, 'ingest.accepted'));
  });
});

describe('a log that writes none of what went well', () => {
  const memory = new MemoryLog();
  const log = createSampledLog(memory, 0);
  const written = (write: () => void) => {
    memory.lines.length = 0;
    write();
    return memory.lines.length === 1;
  };

  test('leaves out accepted events and first attempts that delivered', () => {
    expect(written(() => accept(log, 'evt_1'))).toBe(false);
    expect(written(() => deliver(log, 'evt_1'))).toBe(false);
  });

  test.each(['retrying', 'parked', 'exhausted', 'abandoned', 'held'])('writes an attempt that left it %s', (status) => {
    expect(written(() => log.info('dispatch.attempt', { event_id: 'evt_1', status, attempt_number: 1 }))).toBe(true);
  });

  test('writes the success that ends a series of failures', () => {
    expect(written(() => deliver(log, 'evt_1', 3))).toBe(true);
  });

  test('writes every other line, warning and error as it came', () => {
    expect(written(() => log.info('fan-out.done', { event_id: 'evt_1' }))).toBe(true);
    expect(written(() => log.warn('dispatch.not-hidden', { event_id: 'evt_1' }))).toBe(true);
    const cause = new Error('gone');
    expect(written(() => log.error('dispatch.fault', cause, { event_id: 'evt_1' }))).toBe(true);
    expect(memory.lines[0]).toEqual({ level: 'error', event: 'dispatch.fault', cause, fields: { event_id: 'evt_1' } });
  });

  test('writes a line that names no event', () => {
    expect(written(() => log.info('ingest.accepted'))).toBe(true);
  });
});

test('a log that writes all leaves nothing out', () => {
  const memory = new MemoryLog();
  const log = createSampledLog(memory, 1);
  for (const id of EVENTS) deliver(log, id);
  expect(memory.lines).toHaveLength(EVENTS.length);
});
