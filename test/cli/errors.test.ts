import { describe, expect, test } from 'vitest';
import { EXIT_CODES } from '../../cli/src/errors/exit-codes.ts';
import { ACCESS, postrider, scripted } from './fake-terminal.ts';

const problem = (status: number, code: string, more: object = {}) => ({
  status,
  headers: { 'x-request-id': 'r1' },
  body: { type: `/problems/${code}`, title: 'x', status, detail: 'Do this.', ...more },
});

describe('a refusal of the service is one line, with what to do and the request, and its exit code', () => {
  test.each([
    [401, 'unauthorized', 3, 'Do this. Sign in with "postrider login", or set POSTRIDER_API_KEY.'],
    [403, 'second-factor-needed', 3, 'Do this. Pass --mfa-code.'],
    [404, 'not-found', 4, 'Do this.'],
    [409, 'wrong-state', 5, 'Do this.'],
    [422, 'invalid-request', 5, 'Do this.'],
    [500, 'internal', 6, 'Do this.'],
  ])(
    '%i %s ends with %i',
    async (status, code, exitCode, line) => {
      const { fetch } = scripted(problem(status, code));
      const result = await postrider(['deliveries', 'get', 'del_x', '--output', 'json'], { fetch, env: ACCESS });
      expect(result.stderr).toBe(`postrider: ${line} (${status} ${code}, request r1)\n`);
      expect([result.code, result.stdout]).toEqual([exitCode, '']);
    },
    30_000,
  );

  test('429 says when to try again', async () => {
    const refused = { ...problem(429, 'over-quota'), headers: { 'retry-after': '3600', 'x-request-id': 'r1' } };
    const result = await postrider(['events', 'list'], { ...scripted(refused), env: ACCESS });
    expect(result.stderr).toBe('postrider: Do this. Try again in 3600 s. (429 over-quota, request r1)\n');
    expect(result.code).toBe(6);
  });

  test('each field that must change is said', async () => {
    const errors = [
      { field: 'url', message: '`url`: Use https.' },
      { field: 'events', message: '`events`: Name at least one.' },
    ];
    const refused = problem(422, 'invalid-request', { detail: '`url`: Use https.', errors });
    const result = await postrider(['endpoints', 'create', '--events', 'a'], { ...scripted(refused), env: ACCESS });
    expect(result.stderr).toContain('`url`: Use https. `events`: Name at least one. (422');
  });
});

test('no answer ends with 7 and says where it was asked', async () => {
  const env = { ...ACCESS, POSTRIDER_URL: 'http://127.0.0.1:9' };
  const { code, stderr } = await postrider(['brake', 'set', '--yes'], {
    env,
    fetch: async () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:9') });
    },
  });
  expect(stderr).toBe(
    'postrider: No answer from http://127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9. Start the service, or check --api-url.\n',
  );
  expect(code).toBe(EXIT_CODES.unreachable.code);
}, 30_000);

describe('a wrong command line ends with 2, in one line', () => {
  test.each([
    [['nothing'], "unknown command 'nothing'"],
    [['events', 'list', '--nothing'], "unknown option '--nothing'"],
    [['events', 'get'], "missing required argument 'id'"],
    [['events', 'list', '-o', 'xml'], "argument 'xml' is invalid. Allowed choices are table, json, jsonl, quiet."],
    [['events', 'list', '--limit', 'many'], '--limit must be a number of rows, 1 or more.'],
    [['events', 'list', '--since', 'yesterday'], '"yesterday" is no time: give one as 2026-02-06T12:00:00Z'],
    [['events', 'get', '..'], '".." can\'t be an id.'],
    [['events', 'post', '--type', 'a', '--data', '{a}'], '--data: must be JSON, @file or - with JSON:'],
    [['events', 'post', '--type', 'a', '--data', '@none.json'], '--data: there is no file none.json.'],
    [['events', 'post', '--type', 'a', '--body', '{}'], '--body is the whole body: leave off --type, or --body.'],
    [['endpoints', 'create', '--timeout-seconds', 'ten'], '--timeout-seconds must be a number.'],
    [['retry'], 'Name deliveries, or say which to retry'],
    [['retry', 'del_x', '--since', '1h'], 'Name deliveries or give conditions, not both.'],
    [['replay', 'ep_x'], 'Say from when on: --since 24h, or a time.'],
    [['replay', 'ep_x', '--since', '1h', '--to', 'ep_y'], '--to is for an event; ep_x is an endpoint.'],
    [['replay', 'evt_x', '--dry-run'], '--dry-run is for an endpoint; evt_x is one event.'],
    [['replay', 'ep_x', '--since', 'now'], '"now" is no time'],
    [['endpoints', 'update', 'ep_x', '--circuit-breaker', 'no'], '--circuit-breaker must be true or false.'],
  ])('%j', async (args, line) => {
    const { fetch, sent } = scripted({ body: {} });
    const { code, stdout, stderr } = await postrider(args, { env: ACCESS, fetch });
    expect(stderr.split('\n')[0]).toContain(`postrider: `);
    expect(stderr).toContain(line);
    expect([code, stdout, sent]).toEqual([2, '', []]);
  });
});

test('deliveries that were retried before one that was refused are shown', async () => {
  for (const output of ['table', 'json', 'jsonl', 'quiet']) {
    const { fetch } = scripted({ body: { id: 'del_new' } }, problem(404, 'not-found'));
    const { code, stdout } = await postrider(['retry', 'del_x', 'del_none', '-o', output], { env: ACCESS, fetch });
    expect(code).toBe(4);
    expect(stdout).toContain('del_new');
  }
});

test('help of a command is asked for in the way of other programs, too', async () => {
  const [asked, usual] = await Promise.all([
    postrider(['help', 'events', 'post']),
    postrider(['events', 'post', '--help']),
  ]);
  expect(asked).toEqual(usual);
  expect(await postrider(['help'])).toEqual(await postrider(['--help']));
});

describe('what can’t be undone', () => {
  const erase = ['tenants', 'erase', 'acme'];

  test('is not done in a script without --yes', async () => {
    const { fetch, sent } = scripted({ body: { id: 'job_x' } });
    const { code, stderr } = await postrider(erase, { env: ACCESS, fetch });
    expect([code, sent]).toEqual([2, []]);
    expect(stderr).toContain('Pass --yes to do it without being asked.');
    expect(await postrider([...erase, '--yes'], { env: ACCESS, fetch })).toMatchObject({ code: 0 });
  });

  test.each([
    ['y', 0, 1],
    ['yes', 0, 1],
    ['n', 130, 0],
    ['', 130, 0],
  ])('is asked for at a terminal; %j ends with %i', async (answer, wanted, calls) => {
    const { fetch, sent } = scripted({ body: { id: 'job_x' } });
    const { code, stderr } = await postrider(erase, { env: ACCESS, fetch, tty: true, typed: [answer] });
    expect(stderr).toContain('\ntenants/acme: go on? [y/N]');
    expect([code, sent.length]).toEqual([wanted, calls]);
  });

  test('discarding what is held asks, releasing it does not', async () => {
    const { fetch } = scripted({ body: { id: 'ep_x' } });
    const resume = (held: string) => postrider(['endpoints', 'resume', 'ep_x', '--held', held], { env: ACCESS, fetch });
    expect(await resume('release')).toMatchObject({ code: 0 });
    expect(await resume('discard')).toMatchObject({ code: 2 });
  });
});

test('a code of the second factor is asked for at a terminal, and sent with the call', async () => {
  const { fetch, sent } = scripted(problem(403, 'second-factor-needed'), { body: { id: 'del_y' } });
  const args = ['deliveries', 'retry', 'del_x'];
  const { code, stderr } = await postrider(args, { env: ACCESS, fetch, tty: true, typed: ['123456'] });
  expect(code, stderr).toBe(0);
  expect(sent.map(({ headers }) => headers.get('postrider-mfa'))).toEqual([null, '123456']);
});

test('Ctrl-C ends a call with 130', async () => {
  const controller = new AbortController();
  const { Interrupted } = await import('../../cli/src/terminal/terminal.ts');
  const fetch = ((_: unknown, init: RequestInit) =>
    new Promise((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      controller.abort(new Interrupted());
    })) as typeof globalThis.fetch;
  const result = await postrider(['events', 'list'], { env: ACCESS, fetch, signal: controller.signal });
  expect(result).toMatchObject({ code: 130, stdout: '', stderr: 'postrider: Stopped.\n' });
});
