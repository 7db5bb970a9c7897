import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Caller } from '../api/over-http/caller.ts';
import { type Target, startAws, startLocal } from '../api/over-http/target.ts';
import { runScript } from './run-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'postrider-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe.each([
  ['one process', startLocal],
  ['functions over emulators', startAws],
] as const)('an import into %s', (name, start) => {
  let target: Target;
  beforeAll(async () => {
    target = await start();
  }, 60_000);
  afterAll(() => target.stop(), 60_000);

  function run(rows: unknown[], ...flags: string[]) {
    const file = join(folder, `${name.replaceAll(' ', '-')}.jsonl`);
    writeFileSync(file, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
    return runScript('import', [file, '--url', target.url, ...flags], { POSTRIDER_API_KEY: target.apiKey });
  }
  const list = async (tenant: string) => {
    const headers = { 'postrider-tenant': tenant };
    return (await new Caller(target, target.apiKey).make('GET', '/v1/endpoints', undefined, headers)).data;
  };

  test('a dry run makes nothing, a run makes all, and a second run makes none again', async () => {
    const rows = [
      {
        id: '42',
        tenant_id: 'acme',
        url: 'https://example.com/a',
        events: ['*'],
        dialect: 'veriswarm',
        signing_secret: 'old secret',
        number: 42,
      },
      { id: 'b', tenant_id: 'acme', url: 'https://example.com/b', events: ['task.*'], disabled: true },
    ];
    const dry = await run(rows, '--dry-run');
    expect([dry.code, dry.stdout], dry.stderr).toEqual([0, expect.stringContaining('2 would be made, 0 there')]);
    expect(dry.stdout).not.toContain('old secret');
    expect(await list('acme')).toEqual([]);
    const first = await run(rows);
    expect([first.code, first.stdout], first.stderr).toEqual([0, expect.stringContaining('2 made, 0 there')]);
    const made = await list('acme');
    expect(made).toMatchObject([
      { url: 'https://example.com/a', dialect: 'veriswarm', status: 'active', metadata: { imported_id: '42' } },
      { url: 'https://example.com/b', status: 'disabled' },
    ]);
    const second = await run(rows);
    expect([second.code, second.stdout], second.stderr).toEqual([0, expect.stringContaining('0 made, 2 there')]);
    expect(await list('acme')).toEqual(made);
    const headers = { 'postrider-tenant': 'acme' };
    const webhooks = await new Caller(target, target.apiKey).make(
      'GET',
      '/v1/public/providers/webhooks',
      undefined,
      headers,
    );
    expect(webhooks[0].id).toBe(42);
  });

  test('a run that stopped at a bad endpoint goes on where it stopped', async () => {
    const good = { id: 'a', url: 'https://example.com/a', events: ['*'] };
    const stopped = await run([good, { id: 'b', url: 'ftp://nowhere', events: ['*'] }], '--tenant', 'resumed');
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('422')]);
    const mended = await run([good, { ...good, id: 'b' }], '--tenant', 'resumed');
    expect([mended.code, mended.stdout], mended.stderr).toEqual([0, expect.stringContaining('1 made, 1 there')]);
    expect(await list('resumed')).toHaveLength(2);
  });

  test('a file with a line that can’t be read makes nothing', async () => {
    const { code, stderr } = await run(
      [{ id: 'a', url: 'https://example.com', events: ['*'] }, '{'],
      '--tenant',
      'bad',
    );
    expect([code, stderr]).toEqual([1, 'Line 2: it must be one JSON object.\n']);
    expect(await list('bad')).toEqual([]);
  });

  test('filters are imported: Postrider’s as they are, Outpost’s on the data alone', async () => {
    const own = { id: 'own', url: 'https://example.com/f', events: ['*'] };
    const text = JSON.stringify(own).replace(/}$/, ',"filter":{"n":{"$gt":9007199254740993}}}');
    expect(await run([text], '--tenant', 'filters')).toMatchObject({ code: 0 });
    const destination = (id: string, filter: unknown) => ({
      id,
      tenant_id: 'filters',
      type: 'webhook',
      topics: '*',
      config: { url: 'https://example.com/f' },
      filter,
    });
    const filters = [
      { data: { status: 'paid' } },
      { data: { total: { $gte: 5 } }, $or: [{ data: { a: 1 } }, { $not: { data: { b: 2 } } }] },
      {},
    ];
    const rows = filters.map((filter, n) => destination(`des_${n}`, filter));
    expect(await run(rows, '--format', 'outpost')).toMatchObject({ code: 0 });
    const { text: listed } = await new Caller(target, target.apiKey).send({
      method: 'GET',
      path: '/v1/endpoints',
      headers: { 'postrider-tenant': 'filters' },
    });
    expect(listed).toContain('"filter":{"n":{"$gt":9007199254740993}}');
    expect((await list('filters')).slice(1).map(({ filter }: { filter: unknown }) => filter)).toEqual([
      { status: 'paid' },
      { $and: [{ total: { $gte: 5 } }, { $or: [{ a: 1 }, { $not: { b: 2 } }] }] },
      null,
    ]);
    for (const filter of [{ topic: 'x' }, { data: { a: 1 }, metadata: { k: 'v' } }, { $or: [{ time: 1 }] }]) {
      const refused = await run([destination('des_x', filter)], '--format', 'outpost');
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Line 1: its filter asks for more')]);
    }
    const unknown = await run([destination('des_y', { data: { a: { $ref: 'b' } } })], '--format', 'outpost');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('filter.a.$ref')]);
  });

  test('exports of Svix and Outpost keep URLs, types, secrets and what is off', async () => {
    const svix = { id: 'ep_1', url: 'https://example.com/s', description: 'S', filterTypes: null, secret: SECRET };
    expect(
      await run([svix, { ...svix, id: 'ep_2', disabled: true }], '--format', 'svix', '--tenant', 's'),
    ).toMatchObject({ code: 0 });
    expect(await list('s')).toMatchObject([
      { url: svix.url, label: 'S', events: ['*'], dialect: 'standard', status: 'active' },
      { status: 'disabled' },
    ]);
    const refused = await run([{ ...svix, id: 'ep_3', secret: 'whsec_short' }], '--format', 'svix', '--tenant', 's');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('signing_secret')]);
    const outpost = {
      id: 'des_1',
      tenant_id: 'o',
      type: 'webhook',
      topics: ['user.created'],
      config: { url: 'https://example.com/o' },
      credentials: { secret: SECRET },
      disabled_at: null,
    };
    expect(await run([outpost], '--format', 'outpost')).toMatchObject({ code: 0 });
    expect(await list('o')).toMatchObject([{ url: 'https://example.com/o', events: ['user.created'] }]);
  });

  test('what narrows an endpoint of Svix is not lost, under its old name or its new one', async () => {
    const shown = { id: 'ep_1', url: 'https://example.com/s', description: '', secret: SECRET };
    const named = {
      ...shown,
      eventTypes: ['task.completed'],
      throttleRate: 5,
      headers: { 'X-Token': 'abc' },
      also_standard: true,
    };
    expect(await run([named], '--format', 'svix', '--tenant', 'narrow')).toMatchObject({ code: 0 });
    expect(await list('narrow')).toMatchObject([
      { events: ['task.completed'], rate_limit_per_second: 5, header_names: ['x-token'], also_standard: true },
    ]);
    const channels = { ...shown, id: 'ep_2', filterTypes: ['task.completed'], channels: ['project_9'] };
    const refused = await run([named, channels], '--format', 'svix', '--tenant', 'narrow');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Line 2: it listens to `channels`')]);
  });

  test('headers of Outpost come too, in either form, and what would be lost is refused', async () => {
    const row = (id: string, config: object) => ({
      id,
      tenant_id: 'headers',
      type: 'webhook',
      topics: '*',
      credentials: { secret: SECRET },
      config: { url: 'https://example.com/o', ...config },
    });
    const rows = [
      row('des_1', { custom_headers: '{"Authorization":"Bearer x"}' }),
      row('des_2', { custom_headers: { 'X-Key': 'k' } }),
      row('des_3', { custom_headers: '' }),
    ];
    const first = await run(rows, '--format', 'outpost');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect((await list('headers')).map(({ header_names: names }: { header_names: string[] }) => names)).toEqual([
      ['authorization'],
      ['x-key'],
      [],
    ]);
    const unreadable = await run([row('des_4', { custom_headers: '{"secret' })], '--format', 'outpost');
    expect([unreadable.code, unreadable.stderr]).toEqual([1, expect.stringContaining('Line 1: its `custom_headers`')]);
    expect(unreadable.stderr).not.toContain('{"secret');
    const lost = await run([{ ...row('des_5', {}), delivery_metadata: { app: 'a' } }], '--format', 'outpost');
    expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('Line 1: its `delivery_metadata`')]);
  });

  test('lines that name no dialect have the one that was asked for, and a refusal names its endpoint', async () => {
    const row = { id: 'des_1', type: 'webhook', topics: '*', config: { url: 'https://example.com/o' } };
    const own = { ...row, credentials: { secret: 'not of Standard Webhooks' } };
    const refused = await run([own], '--format', 'outpost', '--tenant', 'dialect');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^dialect des_1: .*signing_secret/)]);
    const rows = [own, { ...own, id: 'des_2', dialect: 'vem' }];
    expect(await run(rows, '--format', 'outpost', '--tenant', 'dialect', '--dialect', 'ventryx')).toMatchObject({
      code: 0,
    });
    expect((await list('dialect')).map(({ dialect }: { dialect: string }) => dialect)).toEqual(['ventryx', 'vem']);
  });
});
