import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRows } from '../../bin/import/read-rows.ts';
import { BACKENDS, ImportingService, folderOfTests } from './importing-service.ts';
import { runScript } from './run-script.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe.each(BACKENDS)('an import into %s', (_, start) => {
  const service = new ImportingService(start);
  const run = (rows: unknown[], ...flags: string[]) => service.import(rows, ...flags);
  const list = (tenant: string) => service.list(tenant);

  test('what was deleted is made again by the same file, and by one with other fields, once', async () => {
    const row = { id: 'again', url: 'https://example.com/a', events: ['*'], signing_secret: SECRET };
    const remove = async () => {
      const [{ id }] = await list('again');
      await service.caller.make('DELETE', `/v1/endpoints/${id}`, undefined, { 'postrider-tenant': 'again' });
    };
    expect(await run([row], '--tenant', 'again')).toMatchObject({ code: 0 });
    for (const changed of [row, { ...row, url: 'https://example.com/b' }, row]) {
      await remove();
      const runs = await Promise.all([run([changed], '--tenant', 'again'), run([changed], '--tenant', 'again')]);
      expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
        [0, ''],
        [0, ''],
      ]);
      expect(await list('again')).toMatchObject([{ url: changed.url }]);
    }
  });

  test('what is to be paused or off is never active', async () => {
    const row = { id: 'a', url: 'https://example.com/a', events: ['*'], signing_secret: SECRET };
    const rows = [row, { ...row, id: 'b', disabled: true }, { ...row, id: 'c', status: 'disabled' }];
    const done = await run(rows, '--tenant', 'paused', '--paused');
    expect([done.code, done.stderr], done.stdout).toEqual([0, '']);
    const first = { status_reason: 'manual', generation: 1 };
    expect(await list('paused')).toMatchObject([
      { status: 'paused', ...first },
      { status: 'disabled', ...first },
      { status: 'disabled', ...first },
    ]);
  });

  test('an endpoint that is in the file twice is one, on trial too', async () => {
    const row = { id: 'a', url: 'https://example.com/a', events: ['*'], signing_secret: SECRET };
    const dry = await run([row, row], '--tenant', 'twice', '--dry-run');
    expect(dry.stdout.split('\n').at(-2)).toBe('1 would be made, 1 there already, 0 refused');
    const done = await run([row, row], '--tenant', 'twice');
    expect(done.stdout.split('\n').at(-2)).toBe('1 made, 1 there already');
  });

  test.each([
    [{ disabled: 'yes' }, 'Line 1, a: `disabled` must be true or false.'],
    [{ tenant_id: 7 }, 'Line 1, a: the id of its tenant must be a text.'],
    [{ metadata: 'text' }, '`metadata`'],
    [{ metadata: ['text'] }, '`metadata`'],
  ])('%j is refused, and makes nothing', async (more, words) => {
    const row = { id: 'a', url: 'https://example.com/a', events: ['*'], ...more };
    const refused = await run([row], '--tenant', 'strict');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(await list('strict')).toEqual([]);
  });

  test('what a file has in it moves no cursor, and no secret of a URL is printed', async () => {
    const slack = 'https://hooks.slack.com/services/T1/B1/secret-path';
    const rows = [
      { id: 'a\u001b[2J', url: 'https://me:secret-word@example.com/\u009b?token=secret-token', events: ['*'] },
      { id: 'b', url: slack, events: ['*'] },
      { id: 'c\u001b[2J', url: 'https://example.com/', evnts: ['\u001b[2J'], events: ['*'] },
    ];
    const { stdout, stderr } = await run(rows, '--tenant', 'hostile', '--dry-run');
    expect(stdout).toContain('hostile b https://hooks.slack.com/: would be made');
    expect(stderr).toContain('hostile c\\u{1b}[2J: ');
    expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
    expect(stdout + stderr).not.toContain('secret-');
  });
});

const folder = folderOfTests();

test('where nothing answers, the import says so', async () => {
  const file = join(folder, 'nowhere.jsonl');
  writeFileSync(file, JSON.stringify({ id: 'a', url: 'https://example.com/', events: ['*'] }));
  for (const url of ['http://127.0.0.1:1', 'localhost:8080']) {
    const { code, stderr } = await runScript('import', [file, '--url', url], { POSTRIDER_API_KEY: 'prk_x' });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Nothing answers at ${url}: check --url.`)]);
  }
});

test('a file of many megabytes is read in time in proportion to its size', async () => {
  const row = (n: number) => JSON.stringify({ id: `a${n}`, label: `${'\\"{['.repeat(10)}`, url: 'x'.repeat(50) });
  const file = join(folder, 'large.jsonl');
  const rows = Array.from({ length: 50_000 }, (_, n) => row(n));
  writeFileSync(file, `${rows.join('\n')}\n${JSON.stringify({ id: 'long', label: 'x'.repeat(30_000_000) })}`);
  expect(readRows(file)).toHaveLength(50_001);
});
