import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startService } from '../../lib/local/service/service.ts';
import { Api, eventually } from '../e2e/api.ts';
import { type Arrival, Receiver } from '../e2e/receiver.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { runScript } from './run-script.ts';

const TENANT = 'org_backup';

let folder: string;
let receiver: Receiver;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-backup-'));
  receiver = await Receiver.start();
});
afterEach(async () => {
  await receiver.stop();
  await rm(folder, { recursive: true, force: true });
});

const serve = (dataDir: string) => startService({ dataDir, port: 0, log: new MemoryLog() });
const idsIn = async (api: Api): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const page = (await api.get(`/v1/events?limit=100${cursor}`)) as { data: { id: string }[]; next_cursor?: string };
    ids.push(...page.data.map(({ id }) => id));
    if (!page.next_cursor) return ids;
    cursor = `&cursor=${page.next_cursor}`;
  }
};

describe('a backup of a service under load', () => {
  test('has every event that was accepted before it, runs, and sends with the same secrets', async () => {
    const [data, copy] = [join(folder, 'data'), join(folder, 'copy')];
    const service = await serve(data);
    const accepted: string[] = [];
    let secret = '';
    try {
      const api = new Api(service, TENANT);
      secret = (await api.endpoint({ url: receiver.url })).signing_secret as string;
      const posting = new AbortController();
      const posters = Array.from({ length: 8 }, async () => {
        while (!posting.signal.aborted) accepted.push((await api.post()).id as string);
      });
      await eventually(
        async () => accepted.length,
        (count) => count > 200,
      );
      const before = accepted.slice();
      const { code, stdout, stderr } = await runScript('backup', [copy, '--data', data]);
      const during = accepted.length - before.length;
      posting.abort();
      await Promise.all(posters);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain('whole and checked');
      // The service went on meanwhile.
      expect(during).toBeGreaterThan(0);
      await service.stop();

      const restored = await serve(copy);
      try {
        const restoredApi = new Api(restored, TENANT);
        const kept = new Set(await idsIn(restoredApi));
        expect(before.filter((id) => !kept.has(id))).toEqual([]);
        const { id } = await restoredApi.post();
        const [arrival] = await eventually(
          async () => receiver.of(id),
          (arrivals) => arrivals.length > 0,
        );
        const { body, headers } = arrival as Arrival;
        expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
      } finally {
        await restored.stop();
      }
    } finally {
      await service.stop();
    }
  });
});

test('a backup is for its owner alone, and has nothing but the database and the keys', async () => {
  const [data, copy] = [join(folder, 'data'), join(folder, 'copy')];
  await (await serve(data)).stop();
  expect((await runScript('backup', [copy, '--data', data])).code).toBe(0);
  expect((await readdir(copy)).toSorted()).toEqual(['api-key', 'key', 'postrider.db']);
  for (const name of await readdir(copy)) expect((await stat(join(copy, name))).mode & 0o777).toBe(0o600);
  expect((await stat(copy)).mode & 0o777).toBe(0o700);
});

describe('is refused in one line, and writes nothing', () => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await runScript('backup', args);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return stderr;
  };

  test('where there is no data', async () => {
    expect(await refused(join(folder, 'copy'), '--data', join(folder, 'nothing'))).toContain(
      'There is no postrider.db',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test('into a folder that has something in it', async () => {
    const [data, copy] = [join(folder, 'data'), join(folder, 'copy')];
    await (await serve(data)).stop();
    await mkdir(copy);
    await writeFile(join(copy, 'postrider.db'), 'an older backup');
    expect(await refused(copy, '--data', data)).toContain('is there already');
    expect(await readdir(copy)).toEqual(['postrider.db']);
  });
});

test('one that is killed leaves no database that looks whole', async () => {
  const data = join(folder, 'data');
  const service = await serve(data);
  const api = new Api(service, TENANT);
  await Promise.all(Array.from({ length: 200 }, () => api.post({ data: { text: 'x'.repeat(60_000) } })));
  const left = await killedWhileItCopies(data);
  await service.stop();
  expect(left).toContain('postrider.db.draft');
  expect(left).not.toContain('postrider.db');
});

/** One may come to its end before it is seen to copy, on a machine that lets this process wait: then another is tried. */
async function killedWhileItCopies(data: string): Promise<string[]> {
  let left: string[] = [];
  for (let n = 0; n < 20 && !left.includes('postrider.db.draft'); n += 1) {
    const copy = join(folder, `copy-${n}`);
    const child = spawn(process.execPath, ['bin/backup.ts', copy, '--data', data], { stdio: 'ignore' });
    const gone = once(child, 'exit');
    while (child.exitCode === null && !existsSync(join(copy, 'postrider.db.draft'))) await setImmediate();
    child.kill('SIGKILL');
    await gone;
    left = await readdir(copy);
  }
  return left;
}
