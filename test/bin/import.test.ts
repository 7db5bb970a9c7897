import { describe, expect, test } from 'vitest';
import { BACKENDS, ImportingService } from './importing-service.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe.each(BACKENDS)('an import into %s', (_, start) => {
  const service = new ImportingService(start);
  const run = (rows: unknown[], ...flags: string[]) => service.import(rows, ...flags);
  const list = (tenant: string) => service.list(tenant);

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
    expect([dry.code, dry.stdout], dry.stderr).toEqual([
      0,
      expect.stringContaining('2 would be made, 0 there already, 0 refused'),
    ]);
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
    const webhooks = await service.caller.make('GET', '/v1/public/providers/webhooks', undefined, headers);
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
    expect([code, stderr]).toEqual([1, 'Line 2: it must be one JSON object, or a page of them.\n']);
    expect(await list('bad')).toEqual([]);
  });

  test('a dry run has the service check each endpoint, and says of all what would be refused', async () => {
    const good = { id: 'a', url: 'https://example.com/a', events: ['*'], signing_secret: SECRET };
    const rows = [
      { ...good, id: 'b', signing_secret: 'whsec_short' },
      good,
      { ...good, id: 'c', url: 'ftp://nowhere' },
      { ...good, id: 'd', evnts: [] },
      { id: 'e', url: 'https://example.com/e', events: ['*'] },
    ];
    const dry = await run(rows, '--tenant', 'tried', '--dry-run');
    expect(dry.code).toBe(1);
    expect(dry.stdout.split('\n')).toEqual([
      'tried a https://example.com/a: would be made',
      'tried e https://example.com/e: would be made, with a new secret',
      '2 would be made, 0 there already, 3 refused',
      '',
    ]);
    expect(dry.stderr.split('\n')).toEqual([
      expect.stringMatching(/^tried b: .*422 signing_secret must be/),
      expect.stringMatching(/^tried c: .*422 .*https:\/\//),
      expect.stringMatching(/^tried d: .*422 .*evnts/),
      '',
    ]);
    expect(dry.stderr).not.toContain('whsec_short');
    expect(await list('tried')).toEqual([]);
  });

  test('the pages of Svix’s API are taken as they come, with the answers that have the secrets and the headers', async () => {
    const shown = (id: string) => ({
      channels: null,
      createdAt: '2026-02-06T12:00:00Z',
      description: '',
      disabled: false,
      filterTypes: ['task.completed'],
      id,
      metadata: {},
      rateLimit: null,
      uid: null,
      updatedAt: '2026-02-06T12:00:00Z',
      url: `https://example.com/${id}`,
      version: 1,
    });
    const page = (ids: string[], done: boolean) => ({ data: ids.map(shown), iterator: 'i', prevIterator: null, done });
    const text = [
      JSON.stringify(page(['ep_1', 'ep_2'], false), undefined, 2),
      JSON.stringify(page(['ep_3'], true)) + JSON.stringify({ id: 'ep_1', key: SECRET }),
      JSON.stringify({ id: 'ep_1', headers: { 'x-a': '1' }, sensitive: [] }),
      JSON.stringify({ id: 'ep_3', key: SECRET }),
    ].join('\n');
    const done = await run([text], '--format', 'svix', '--tenant', 'pages');
    expect([done.code, done.stderr], done.stdout).toEqual([0, '']);
    expect(done.stdout.split('\n')).toEqual([
      'pages ep_1 https://example.com/ep_1: made',
      'pages ep_2 https://example.com/ep_2: made, with a new secret',
      'pages ep_3 https://example.com/ep_3: made',
      '3 made, 0 there already',
      '',
    ]);
    expect(await list('pages')).toMatchObject([{ header_names: ['x-a'] }, { header_names: [] }, {}]);
    const cut = await run([JSON.stringify(page(['ep_4'], false))], '--format', 'svix', '--tenant', 'pages');
    expect([cut.code, cut.stderr]).toEqual([1, 'Line 1: another page comes after this one. Add it to the file.\n']);
    const answered = [JSON.stringify(page(['ep_4'], false)), { id: 'ep_4', key: SECRET }];
    expect(await run(answered, '--format', 'svix', '--tenant', 'pages')).toMatchObject({ code: 1, stderr: cut.stderr });
    const stray = await run(
      [shown('ep_5'), '\n', { id: 'ep_6', key: SECRET }],
      '--format',
      'svix',
      '--tenant',
      'pages',
    );
    expect([stray.code, stray.stderr]).toEqual([1, expect.stringMatching(/^Line 4, ep_6: it has no `url`/)]);
    const hidden = { id: 'ep_5', headers: {}, sensitive: ['x-key'] };
    const kept = await run([shown('ep_5'), hidden], '--format', 'svix', '--tenant', 'pages');
    expect([kept.code, kept.stderr]).toEqual([
      1,
      expect.stringMatching(/^Line 2, ep_5: Svix does not show its header x-key/),
    ]);
  });

  test('a list of Outpost’s API is taken as it comes, with the old secret while it is good there', async () => {
    const previous = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const destination = (id: string, previous_secret_invalid_at: string) => ({
      id,
      type: 'webhook',
      topics: ['*'],
      disabled_at: null,
      config: { url: `https://example.com/${id}` },
      credentials: { secret: SECRET, previous_secret: previous, previous_secret_invalid_at },
    });
    const rows = [destination('des_1', soon), destination('des_2', '2024-02-16T10:00:00Z')];
    const text = JSON.stringify(rows, undefined, 2);
    const done = await run([text], '--format', 'outpost', '--tenant', 'rotating');
    expect([done.code, done.stderr], done.stdout).toEqual([0, '']);
    const [rotating, settled] = await list('rotating');
    expect(rotating.secrets).toMatchObject([{ expires_at: null }, { expires_at: soon }]);
    expect(settled.secrets).toMatchObject([{ expires_at: null }]);
    expect((await run([text], '--format', 'outpost', '--tenant', 'rotating')).stdout).toContain('0 made, 2 there');
    const queue = await run(
      [{ ...rows[0], id: 'des_3', type: 'aws_sqs' }],
      '--format',
      'outpost',
      '--tenant',
      'rotating',
    );
    expect([queue.code, queue.stderr]).toEqual([1, expect.stringContaining('?type=webhook')]);
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
    const { text: listed } = await service.caller.send({
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
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringContaining('Line 1, des_x: its filter asks for more'),
      ]);
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
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('Line 2, ep_2: it listens to `channels`'),
    ]);
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
    expect([unreadable.code, unreadable.stderr]).toEqual([
      1,
      expect.stringContaining('Line 1, des_4: its `custom_headers`'),
    ]);
    expect(unreadable.stderr).not.toContain('{"secret');
    const lost = await run([{ ...row('des_5', {}), delivery_metadata: { app: 'a' } }], '--format', 'outpost');
    expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('Line 1, des_5: its `delivery_metadata`')]);
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
