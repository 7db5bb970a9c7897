import { describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../../cli/src/api/operations.ts';
import { pathParameters } from '../../../cli/src/api/operation.ts';
import { ACCESS, type ScriptedAnswer, type Result, postrider, scripted } from '../fake-terminal.ts';

// Event types, labels, URLs and the answers of receivers are texts of customers', and the service may be another one.
// Whatever they hold, a terminal gets lines and colours, and nothing else that it would obey.

/** Clears the screen, moves the cursor by an 8-bit control, turns the text around, and begins lines of its own. */
const HOSTILE =
  'x\u001b[2J\u009b2K\u202e\u2066\u061c\u2028\u007f\u0007\r\npostrider: a line of its own\u001b]0;title\u0007';
/** Lines, and the colours of `styleText`. */
const ALLOWED = /\n|\p{Cc}\[\d+m/gu;
const OBEYED = /[\p{Cc}\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const thing = {
  id: HOSTILE,
  name: HOSTILE,
  type: HOSTILE,
  status: HOSTILE,
  status_code: HOSTILE,
  event_id: HOSTILE,
  event_type: HOSTILE,
  description: HOSTILE,
  created_at: HOSTILE,
  error_message: HOSTILE,
  url: `https://console.test/${HOSTILE}`,
  [HOSTILE]: HOSTILE,
  label: { [HOSTILE]: [HOSTILE] },
  events: [HOSTILE],
  attempts: [{ number: HOSTILE, [HOSTILE]: HOSTILE }],
  schema: null,
};
const LIST = { body: { data: [thing, thing], next_cursor: null } };
const PROBLEM = { type: `/problems/${HOSTILE}`, title: 'x', status: 422, detail: HOSTILE };
const refusal = { status: 422, body: { ...PROBLEM, errors: [{ field: HOSTILE, message: HOSTILE }] } };

function expectTame({ stdout, stderr }: Result, what: string): void {
  const obeyed = OBEYED.exec(`${stdout}${stderr}`.replaceAll(ALLOWED, ''));
  expect(obeyed && JSON.stringify(obeyed[0]), `${what}: ${JSON.stringify(stdout + stderr)}`).toBeNull();
}

describe.each(['table', 'json', 'jsonl', 'quiet'])('no text of an answer is obeyed by a terminal: %s', (output) => {
  const run = (args: readonly string[], ...answers: readonly ScriptedAnswer[]) =>
    postrider([...args, '-o', output], { env: ACCESS, tty: true, typed: ['y'], ...scripted(...answers) });

  test('of any call of the API', async () => {
    for (const { group, name, path, rows } of OPERATIONS) {
      const args = [group, name, ...pathParameters(path).map(() => 'x'), '--yes'];
      expectTame(await run(args, rows === undefined ? { body: thing } : LIST), args.join(' '));
    }
  });

  test('of the commands above them', async () => {
    const many = { ...LIST.body, ...thing, queues: { exhausted: { visible: HOSTILE }, poison: { visible: HOSTILE } } };
    for (const args of [
      ['retry', 'del_x'],
      ['retry', '--since', '1h'],
      ['replay', 'evt_x'],
      ['trigger', 'a.b', '--set', 'a=1'],
      ['types'],
      ['open', '--print'],
      ['inspect', 'event', 'evt_x'],
      ['inspect', 'delivery', 'del_x'],
      ['inspect', 'dead-letters'],
      ['inspect', 'failing'],
      ['smoke', '--wait', '0', '--receiver-url', 'https://x.test'],
      ['doctor'],
    ])
      expectTame(await run(args, { body: many }), args.join(' '));
  });

  test('of a refusal, which stays one line', async () => {
    const result = await run(['events', 'get', 'evt_x'], refusal);
    expectTame(result, 'a refusal');
    expect(result.stderr.split('\n')).toHaveLength(2);
    expect(result.code).toBe(5);
  });
});

test('JSON that is escaped for a terminal means the same', async () => {
  const { stdout } = await postrider(['endpoints', 'list', '-o', 'json'], {
    env: ACCESS,
    tty: true,
    ...scripted(LIST),
  });
  expect(JSON.parse(stdout)).toEqual(LIST.body.data);
});

describe('what another service answers ends the command with a line, and with no bug', () => {
  const list = (answer: ScriptedAnswer) => postrider(['events', 'list'], { env: ACCESS, ...scripted(answer) });
  const asksForAddress = /^postrider: .*Is --api-url the address of Postrider\? \(\d+ unexplained\)\n$/;

  test.each([
    ['an object', { body: { hello: 'world' } }],
    ['rows that are none', { body: { data: 'rows' } }],
    ['nothing', {}],
    ['a number', { body: 42 }],
    ['a redirect', { status: 301, headers: { location: 'https://elsewhere.test/' } }],
    ['a page', { status: 404, body: '<html>\r\n<title>404 Not Found</title>' }],
    ['a problem that is none', { status: 404, body: { type: 1, detail: { a: 1 }, status: 'x' } }],
    [
      'a problem with fields that are none',
      { status: 404, body: { type: 'x', detail: 'x', status: 404, errors: 'x' } },
    ],
  ])('%s', async (_, answer) => {
    const { code, stdout, stderr } = await list(answer);
    expect(stderr).toMatch(asksForAddress);
    expect([code > 1, stdout]).toEqual([true, '']);
  });

  test('a list without an end of its own ends', async () => {
    const { fetch, sent } = scripted({ body: { data: [{ type: 'a.b', description: 'x', schema: null }] } });
    expect(await postrider(['types'], { env: ACCESS, fetch })).toMatchObject({ code: 0 });
    expect(sent).toHaveLength(1);
  });

  test('fields of a problem that are no objects', async () => {
    const body = { type: '/problems/invalid-request', detail: 'No.', status: 422, errors: [null, 1, { message: 2 }] };
    expect(await list({ status: 422, body })).toMatchObject({ code: 5, stdout: '' });
  });
});

test('a link that is none of a page is not opened', async () => {
  for (const url of ['javascript:alert(1)', 'file:///etc/passwd', '--help', 'calc.exe', 'ms-settings:']) {
    const { code, stdout, stderr } = await postrider(['open'], {
      env: ACCESS,
      ...scripted({ body: { url, code: 'x' } }),
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('is no address of a console');
  }
});
