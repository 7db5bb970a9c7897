import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessLog } from '../../../bin/prove/rows/access-log.ts';
import { alertMail } from '../../../bin/prove/rows/alert-mail.ts';
import { consolePage } from '../../../bin/prove/rows/console-page.ts';
import { encodedSlash } from '../../../bin/prove/rows/encoded-slash.ts';
import { functionsStart } from '../../../bin/prove/rows/functions-start.ts';
import { hiddenByUs } from '../../../bin/prove/rows/hidden-by-us.ts';
import { largeBody } from '../../../bin/prove/rows/large-body.ts';
import { load } from '../../../bin/prove/rows/load.ts';
import { longHiding } from '../../../bin/prove/rows/long-hiding.ts';
import { longJob } from '../../../bin/prove/rows/long-job.ts';
import { refusedUnknownKey } from '../../../bin/prove/rows/refused-unknown-key.ts';
import { refusedWithoutKey } from '../../../bin/prove/rows/refused-without-key.ts';
import { revokedKey } from '../../../bin/prove/rows/revoked-key.ts';
import { smoke } from '../../../bin/prove/rows/smoke.ts';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { outcome, startApi } from './fake-account.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
});
afterAll(() => service.stop());

const keyed = () => ({ key: service.apiKey });
const points = (Sum: number) => ({ Datapoints: [{ Timestamp: new Date().toISOString(), Sum }] });

describe('against a service', () => {
  test('functions-start asks for its health, and each function for its shape', async () => {
    const shape = { Runtime: 'nodejs24.x', Architectures: ['arm64'], State: 'Active' };
    const well = await outcome(functionsStart, service.url, { 'lambda get-function-configuration': shape });
    expect(well).toEqual({ result: 'pass', detail: '9 functions; GET /v1/health 200' });
    const pending = { 'lambda get-function-configuration': { ...shape, State: 'Pending' } };
    expect(await outcome(functionsStart, service.url, pending)).toMatchObject({ result: 'fail' });
  });

  test('refused-without-key fails where no gateway stands before it: this one answers a problem', async () => {
    expect(await outcome(refusedWithoutKey, service.url)).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(/^401 .*problem/),
    });
  });

  test('refused-unknown-key, encoded-slash and large-body pass', async () => {
    expect(await outcome(refusedUnknownKey, service.url)).toEqual({
      result: 'pass',
      detail: '401 application/problem+json',
    });
    expect(await outcome(encodedSlash, service.url, {}, keyed())).toMatchObject({ result: 'pass' });
    expect(await outcome(largeBody, service.url, {}, keyed())).toEqual({ result: 'pass', detail: '413' });
  });

  test('revoked-key makes a key, revokes it and waits until it is refused', async () => {
    expect(await outcome(revokedKey, service.url, {}, keyed())).toEqual({
      result: 'pass',
      detail: '200 before, 401 after 0 s',
    });
  });

  test('smoke counts its steps', async () => {
    const flags = { ...keyed(), receiverUrl: 'https://receiver.test' };
    const all = { [process.execPath]: 'ok       one (1 ms)\nok       two (1 ms)\n' };
    expect(await outcome(smoke, service.url, all, flags)).toEqual({ result: 'pass', detail: '2 of 2 steps of smoke' });
    await expect(outcome(smoke, service.url, all, keyed())).rejects.toThrow('pass --receiver-url');
  });

  test('long-job replays 900 events in more than 16 pages', { timeout: 120_000 }, async () => {
    const detail = expect.stringMatching(/^done, 9\d\d processed; 0 invocations dropped$/);
    expect(await outcome(longJob, service.url, {}, keyed())).toEqual({ result: 'pass', detail });
  });

  test(
    'long-hiding looks at a message that dispatch hides, and fails when that was refused',
    { timeout: 60_000 },
    async () => {
      const detail = expect.stringMatching(/^retrying, next attempt at .+; 0 lines dispatch.hidden-for-less$/);
      expect(await outcome(longHiding, service.url, {}, keyed())).toEqual({ result: 'pass', detail });
      const refused = { 'logs filter-log-events': { events: [{ message: '{}' }] } };
      expect(await outcome(longHiding, service.url, refused, keyed())).toMatchObject({ result: 'fail' });
    },
  );

  test('load says how posts were answered; what is less than the claim is not proved', async () => {
    const well = await outcome(load, service.url, {}, keyed());
    expect(well).toEqual({
      result: 'skipped',
      detail: '5/s for 2 s: 10 × 202; 0 throttled calls of the tables. The claim needs --rate 3000 --seconds 60',
    });
    const throttled = { 'cloudwatch get-metric-statistics': points(1) };
    expect(await outcome(load, service.url, throttled, keyed())).toMatchObject({ result: 'fail' });
    expect(await outcome(load, service.url, {}, { key: 'prk_bad' })).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(/10 × 401/),
    });
  });

  test('leaves no endpoint behind', async () => {
    const headers = { authorization: `Bearer ${service.apiKey}`, 'postrider-tenant': 'postrider-prove' };
    const { data } = (await (await fetch(`${service.url}/v1/endpoints`, { headers })).json()) as { data: unknown[] };
    expect(data).toEqual([]);
  });
});

test('long-job fails when Lambda dropped an invocation, or the job ended early', async () => {
  let processed = 900;
  const { url, server } = await startApi((method, path) => {
    if (method === 'DELETE') return { status: 204, body: '' };
    if (path === '/v1/endpoints') return { status: 201, body: { id: 'ep_1' } };
    if (path.endsWith('/replay')) return { status: 202, body: { id: 'job_1' } };
    return { status: 200, body: { status: 'done', processed } };
  });
  const key = { key: 'prk_x' };
  expect(await outcome(longJob, url, {}, key)).toMatchObject({ result: 'pass' });
  const dropped = { 'cloudwatch get-metric-statistics': points(2) };
  expect(await outcome(longJob, url, dropped, key)).toMatchObject({
    result: 'fail',
    detail: expect.stringMatching(/4 invocations dropped/),
  });
  processed = 800;
  expect(await outcome(longJob, url, {}, key)).toMatchObject({
    result: 'fail',
    detail: expect.stringMatching(/800 processed/),
  });
  server.close();
});

test('alert-mail is skipped where no mail is sent', async () => {
  await expect(outcome(alertMail, service.url, {}, keyed())).rejects.toThrow('deploy with alertMail');
});

test.each([
  [200, { status: 'unconfirmed' }, { result: 'pass', detail: expect.stringContaining('simulator.amazonses.com') }],
  [200, { status: 'off' }, { result: 'fail' }],
])('alert-mail has a code mailed, and removes the address: %i %o', async (status, body, expected) => {
  const asked: string[] = [];
  const { url, server } = await startApi((method, path) => {
    asked.push(`${method} ${path}`);
    return method === 'PUT' ? { status, body } : { status: 200, body: { available: true } };
  });
  const seen = await outcome(alertMail, url, {}, { key: 'prk_a' }).finally(() => server.close());
  expect(seen).toMatchObject(expected);
  expect(asked).toEqual(['GET /v1/alerts/mail', 'PUT /v1/alerts/mail', 'DELETE /v1/alerts/mail']);
});

test('alert-mail fails when SES refuses', async () => {
  const { url, server } = await startApi((method) =>
    method === 'PUT' ? { status: 503 } : { status: 200, body: { available: true } },
  );
  const seen = outcome(alertMail, url, {}, { key: 'prk_a' });
  await expect(seen.finally(() => server.close())).rejects.toThrow('PUT /v1/alerts/mail: 503');
});

test('refused-without-key passes for the gateway’s own answer', async () => {
  const { url, server } = await startApi(() => ({ status: 401, body: { message: 'Unauthorized' } }));
  const seen = await outcome(refusedWithoutKey, url).finally(() => server.close());
  expect(seen).toMatchObject({ result: 'pass' });
});

test.each([
  [500, 'pass', /^the third attempt came 500 ms/],
  [40_000, 'fail', /^the third attempt came 40000 ms/],
])('hidden-by-us measures how late an attempt came whose message was hidden: %i ms', async (lateMs, result, detail) => {
  const due = Date.now() + 60_000;
  let asked = 0;
  const { url, server } = await startApi((method, path) => {
    if (method === 'DELETE') return { status: 204, body: '' };
    if (path === '/v1/endpoints') return { status: 201, body: { id: 'ep_1' } };
    if (method === 'POST') return { status: 202, body: { id: 'evt_1' } };
    if (path.endsWith('/deliveries')) return { status: 200, body: { data: [{ id: 'del_1', attempt_number: 1 }] } };
    asked += 1;
    const attempts = [-61_000, -60_000, lateMs].map((after) => ({ at: new Date(due + after) }));
    const delivery = { attempt_number: Math.min(asked, 3), next_retry_at: new Date(due).toISOString(), attempts };
    return { status: 200, body: delivery };
  });
  const seen = await outcome(hiddenByUs, url, {}, { key: 'prk_x' }).finally(() => server.close());
  expect(seen).toEqual({ result, detail: expect.stringMatching(detail) });
});

test.each([
  ['{"route":"-","status":"404"}', 'pass'],
  ['{"route":"-","status":"404"', 'fail'],
])('access-log reads each line as JSON: %s', async (line, result) => {
  const { url, server } = await startApi(() => ({ status: 404 }));
  const found = {
    'logs start-query': { queryId: 'q' },
    'logs get-query-results': { status: 'Complete', results: [[{ field: '@message', value: line }]] },
  };
  const seen = await outcome(accessLog, url, found).finally(() => server.close());
  expect(seen).toMatchObject({ result });
});

test('the API and the console are asked where the caller says that they are', async () => {
  const asked: string[] = [];
  const { url, server } = await startApi((method, path) => {
    asked.push(`${method} ${path}`);
    return { status: 200 };
  });
  const flags = { api: `${url}/`, console: `${url}/console/`, key: 'prk_a' };
  const seen = await outcome(consolePage, 'http://127.0.0.1:1', {}, flags);
  await outcome(refusedUnknownKey, 'http://127.0.0.1:1', {}, flags).finally(() => server.close());
  expect(seen).toEqual({ result: 'fail', detail: 'page 200, no policy; API through it 200' });
  expect(asked).toEqual(['HEAD /console/', 'GET /console/v1/endpoints', 'GET /v1/endpoints']);
});

test('console-page is skipped where there is no console', async () => {
  await expect(outcome(consolePage, service.url)).rejects.toThrow('the stack has no output ConsoleUrl');
});
