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
    const filtered = await run([{ ...outpost, filter: { a: 1 } }], '--format', 'outpost');
    expect([filtered.code, filtered.stderr]).toEqual([1, expect.stringContaining('filter')]);
  });
});
