import { describe, expect, test } from 'vitest';
import { ACCESS, postrider, scripted } from './fake-terminal.ts';

const rows = [
  { id: 'ep_1', status: 'active', label: null, events: ['*'], url: 'https://a.test/hooks' },
  { id: 'ep_2', status: 'disabled', label: 'Build\u001b[2Jbot\u202e', events: ['a', 'b'], url: 'https://b.test' },
];
const page = { body: { data: rows, next_cursor: null } };
const list = (args: string[], options = {}) =>
  postrider(['endpoints', 'list', ...args], { env: ACCESS, ...scripted(page), ...options });

test('json is all rows as the API has them, jsonl one row in a line, quiet the ids', async () => {
  expect(JSON.parse((await list(['-o', 'json'])).stdout)).toEqual(rows);
  const lines = (await list(['-o', 'jsonl'])).stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
  expect((await list(['-o', 'quiet'])).stdout).toBe('ep_1\nep_2\n');
});

test('a text of a customer’s can’t move the cursor of a terminal, nor turn text around', async () => {
  const { stdout } = await list([], { tty: true });
  expect(stdout).not.toContain('\u001b[2J');
  expect(stdout).not.toContain('\u202e');
  expect(stdout).toContain('Build·[2Jbot·');
});

/** Counted by hand for the texts below: what a terminal takes for them. */
function columnsOf(line: string): number {
  const plain = line.replaceAll('👩‍👩‍👧‍👦', '12').replaceAll('🇩🇪', '12').replaceAll('\u0301', '');
  return [...plain].reduce(
    (sum, one) => sum + (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー、]/u.test(one) ? 2 : 1),
    0,
  );
}

test('a table stays straight, and in its width, with texts that take two columns a character', async () => {
  const wide = ['ビルドロボットのためのエンドポイントです、とても長い', '👩‍👩‍👧‍👦🇩🇪 family', 'e\u0301te\u0301'];
  const all = wide.map((label, n) => ({
    id: `ep_${n}`,
    status: 'active',
    label,
    events: ['*'],
    url: 'https://a.test',
  }));
  for (const columns of [80, 60, 40]) {
    const { stdout } = await list(['--no-color'], { tty: true, columns, ...scripted({ body: { data: all } }) });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
    const places = lines.slice(1).map((line) => columnsOf(line.slice(0, line.indexOf('*'))));
    if (columns === 80) expect(places).toEqual([places[0], places[0], places[0]]);
  }
});

test('colours are for terminals only, and NO_COLOR, --no-color and a dumb terminal have none', async () => {
  const isColoured = async (args: string[], options: object) => (await list(args, options)).stdout.includes('\u001b[');
  expect(await isColoured([], { tty: true })).toBe(true);
  expect(await isColoured([], {})).toBe(false);
  expect(await isColoured(['--no-color'], { tty: true })).toBe(false);
  expect(await isColoured([], { tty: true, env: { ...ACCESS, NO_COLOR: '1' } })).toBe(false);
  expect(await isColoured([], { tty: true, env: { ...ACCESS, TERM: 'dumb' } })).toBe(false);
});

test('nothing is said on stdout where there is nothing, and json stays JSON', async () => {
  const empty = scripted({ body: { data: [], next_cursor: null } });
  expect(await list([], empty)).toEqual({ code: 0, stdout: '', stderr: 'Nothing there.\n' });
  expect((await list(['-o', 'json'], empty)).stdout).toBe('[]\n');
});

describe('a list', () => {
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `ep_${from + index}` }));

  test('is read page by page as far as --limit says', async () => {
    const pages = scripted(
      { body: { data: ids(0, 200), next_cursor: 'a' } },
      { body: { data: ids(200, 50), next_cursor: 'b' } },
    );
    const { stdout } = await list(['--limit', '250', '-o', 'quiet'], pages);
    expect(stdout.trim().split('\n')).toHaveLength(250);
    expect(pages.sent.map(({ query }) => query)).toEqual([{ limit: '200' }, { limit: '50', cursor: 'a' }]);
  });

  test('is read to its end with --all', async () => {
    const pages = scripted(
      { body: { data: ids(0, 200), next_cursor: 'a' } },
      { body: { data: [], next_cursor: 'b' } },
      { body: { data: ids(200, 1), next_cursor: null } },
    );
    const { stdout } = await list(['--all', '-o', 'quiet'], pages);
    expect(stdout.trim().split('\n')).toHaveLength(201);
    expect(pages.sent).toHaveLength(3);
  });
});

describe('the data of an event', () => {
  const posted = async (args: string[], options = {}) => {
    const { fetch, sent } = scripted({ status: 202, body: { id: 'evt_1', deliveries: 1 } });
    const result = await postrider(['events', 'post', '--type', 'a.b', ...args], { env: ACCESS, fetch, ...options });
    expect(result.code, result.stderr).toBe(0);
    return sent[0];
  };

  test('arrives as it was typed: numbers keep all their digits', async () => {
    const call = await posted(['--data', '{"n": 12345678901234567890.10}']);
    expect(call?.body).toBe('{"type":"a.b","data":{"n": 12345678901234567890.10}}');
  });

  test('comes from stdin, and is sent under the key that is given', async () => {
    const call = await posted(['--data', '-', '--idempotency-key', 'order-1'], { input: '{"a": 1}\n' });
    expect(call?.body).toBe('{"type":"a.b","data":{"a": 1}}');
    expect(call?.headers.get('idempotency-key')).toBe('order-1');
  });

  test('comes as a whole body too', async () => {
    const { fetch, sent } = scripted({ status: 202, body: { id: 'evt_1', deliveries: 1 } });
    await postrider(['events', 'post', '--body', '-'], { env: ACCESS, fetch, input: '{"type":"a.b","data":1}' });
    expect(sent[0]?.body).toBe('{"type":"a.b","data":1}');
  });
});

test('since and until take how long ago', async () => {
  const { fetch, sent } = scripted(page);
  const now = Date.parse('2026-02-06T12:00:00Z');
  await postrider(['events', 'list', '--since', '24h', '--until', '30m'], { env: ACCESS, fetch, now });
  expect(sent[0]?.query).toMatchObject({ since: '2026-02-05T12:00:00.000Z', until: '2026-02-06T11:30:00.000Z' });
});

test('the tenant of the flag is named in calls about a tenant, and in no others', async () => {
  const { fetch, sent } = scripted({ body: { data: [], next_cursor: null } });
  const asAcme = { env: { ...ACCESS, POSTRIDER_TENANT: 'acme' }, fetch };
  await postrider(['events', 'list'], asAcme);
  await postrider(['events', 'list', '-t', 'müller'], asAcme);
  await postrider(['ops', 'endpoints'], asAcme);
  expect(sent.map(({ headers }) => headers.get('postrider-tenant'))).toEqual(['acme', 'm%C3%BCller', null]);
});

test('the name of a group’s only command may be left off', async () => {
  const { fetch, sent } = scripted({ body: { tenant_id: 'acme', data: [], total: {} } });
  await postrider(['usage', '--since', '2026-02-01'], { env: ACCESS, fetch });
  expect(sent[0]).toMatchObject({ path: '/v1/usage', query: { since: '2026-02-01' } });
});
