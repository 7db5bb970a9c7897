import { beforeEach, describe, expect, test } from 'vitest';
import { RequestError, ServiceFault } from '../../../lib/domain/errors.ts';
import { createJsonLog } from '../../../lib/adapters/log/json-log.ts';
import { createPalette, wantsColour } from '../../../lib/local/terminal/palette.ts';
import { createTerminalLog } from '../../../lib/local/terminal/terminal-log.ts';
import type { Log, LogFields } from '../../../lib/ports/log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NOON = new Date(2026, 1, 6, 12, 0, 1).getTime();
const ESCAPE = String.fromCharCode(27);

let lines: string[];
let log: Log;

beforeEach(() => {
  lines = [];
  log = logTo(false);
});

function logTo(inColour: boolean): Log {
  const write = (line: string) => lines.push(line);
  return createTerminalLog({ clock: new VirtualClock(NOON), write, palette: createPalette(inColour) });
}

function attempt(fields: LogFields): LogFields {
  return { event_type: 'task.completed', url: 'http://127.0.0.1:3000/hooks?token=hidden', duration_ms: 12, ...fields };
}

describe('the terminal’s line of an attempt', () => {
  test('shows the target without its query, the status code and the duration', () => {
    log.info('dispatch.attempt', attempt({ status: 'delivered', status_code: 200, attempt_number: 1 }));
    expect(lines).toEqual(['12:00:01  127.0.0.1:3000/hooks           task.completed       delivered 200        12 ms']);
  });

  test('shows when a failed one is retried', () => {
    const next_retry_at = new Date(NOON + 300_000).toISOString();
    log.info(
      'dispatch.attempt',
      attempt({ status: 'retrying', status_code: 500, attempt_number: 2, next_retry_at, url: 'https://a.example/' }),
    );
    log.info(
      'dispatch.attempt',
      attempt({ status: 'parked', error_kind: 'timeout', next_retry_at, attempt_number: 1 }),
    );
    expect(lines).toEqual([
      '12:00:01  a.example                      task.completed       retrying 500         12 ms  attempt 2  next in 5 min',
      '12:00:01  127.0.0.1:3000/hooks           task.completed       parked timeout       12 ms  next in 5 min',
    ]);
  });

  test('says that the last one went to the dead-letter queue', () => {
    log.info('dispatch.attempt', attempt({ status: 'exhausted', status_code: 503, attempt_number: 4 }));
    expect(lines).toEqual([
      '12:00:01  127.0.0.1:3000/hooks           task.completed       exhausted 503        12 ms  attempt 4  → dead letters',
    ]);
  });

  test('shows control characters from outside as dots', () => {
    log.info('dispatch.attempt', attempt({ status: 'delivered', event_type: `a${ESCAPE}[2Jb\n` }));
    expect(lines[0]).toContain('a·[2Jb·');
  });
});

describe('the terminal’s other lines', () => {
  test('say what a job counts', () => {
    for (const kind of ['release', 'erase-tenant', 'reseal'])
      log.info('job.done', { job_id: 'job_1', kind, processed: 3 });
    expect(lines).toEqual([
      '12:00:01  job_1 (release) is done: 3 deliveries',
      '12:00:01  job_1 (erase-tenant) is done: 3 items removed',
      '12:00:01  job_1 (reseal) is done: 3 endpoints sealed anew',
    ]);
  });

  test('are plain text', () => {
    const endpoint_id = 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB';
    log.info('ingest.accepted', { event_id: 'evt_1', event_type: 'task.completed', deliveries: 2 });
    log.info('ingest.accepted', { event_id: 'evt_2', event_type: 'task.completed', deliveries: 0 });
    log.info('dispatch.held', { endpoint_id, event_type: 'task.completed', status: 'held' });
    log.info('dispatch.abandoned', { endpoint_id, event_type: 'task.completed', status: 'abandoned (disabled)' });
    log.warn('endpoint.gone', { endpoint_id });
    log.info('something.new', { n: 1, missing: undefined, text: 'x' });
    expect(lines.map((line) => line.slice(10))).toEqual([
      'accepted evt_1  task.completed → 2 endpoints',
      'accepted evt_2  task.completed → no endpoint subscribes to it',
      `${endpoint_id}  task.completed       held  its endpoint is paused`,
      `${endpoint_id}  task.completed       abandoned (disabled)`,
      `${endpoint_id} is disabled: it responded with 410`,
      'something.new  n=1 text=x',
    ]);
  });

  test('show the stack trace of an unexpected error, and none of an expected one', () => {
    log.error('dispatch.fault', new Error('boom'), { queue: 'retries' });
    expect(lines[0]).toBe('12:00:01  dispatch.fault: boom  queue=retries');
    expect(lines[1]).toContain('terminal-log.test.ts');
    lines = [];
    log.error('api.unavailable', new ServiceFault('the disk is full', { cause: new Error('SQLITE_FULL') }));
    log.error('api.failed', new RequestError('invalid-request', 'Give a type.'));
    expect(lines.map((line) => line.slice(10))).toEqual([
      'api.unavailable: the disk is full (SQLITE_FULL)',
      'api.failed: Give a type.',
    ]);
  });
});

describe('colour', () => {
  test('is used on a terminal only, and not against the person’s input', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(wantsColour({}, {})).toBe(false);
  });

  test('changes nothing but the colour', () => {
    const fields = attempt({ status: 'retrying', status_code: 500, attempt_number: 1 });
    log.info('dispatch.attempt', fields);
    logTo(true).info('dispatch.attempt', fields);
    const [plain, coloured] = lines as [string, string];
    expect(coloured).toContain(ESCAPE);
    expect(coloured.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(plain);
  });
});

describe('the JSON log', () => {
  test('is one object a line, with the stack of unexpected errors only', () => {
    const json = createJsonLog({ clock: new VirtualClock(NOON), write: (line) => lines.push(line) });
    json.info('dispatch.attempt', { status_code: 200, url: 'a\nb' });
    json.error('dispatch.fault', new Error('boom'), { queue: 'retries' });
    json.error('api.unavailable', new ServiceFault('full'));
    const [info, fault, foreseen] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.every((line) => !line.includes('\n'))).toBe(true);
    expect(info).toEqual({
      timestamp: new Date(NOON).toISOString(),
      level: 'info',
      event: 'dispatch.attempt',
      status_code: 200,
      url: 'a\nb',
    });
    expect(fault).toMatchObject({ level: 'error', event: 'dispatch.fault', queue: 'retries', error: 'boom' });
    expect(fault?.stack).toContain('terminal-log.test.ts');
    expect(foreseen).toMatchObject({ error: 'full' });
    expect(foreseen).not.toHaveProperty('stack');
  });
});
