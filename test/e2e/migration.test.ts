import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { type Json, eventually } from './api.ts';
import { embedded } from './embedded.ts';
import { Scene } from './scene.ts';

const [IMPORT, POST, COMPARE, RESUME, REPLAY, PAUSE] = commandsOf('docs/migrate.md', '## Move over') as string[];

/** The blocks of commands of a section, as they are printed. */
function commandsOf(page: string, section: string): string[] {
  const text = readFileSync(page, 'utf8');
  return [...text.slice(text.indexOf(section)).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block as string);
}

describe('the migration of docs/migrate.md, by its commands', () => {
  const scene = new Scene(embedded, 'migration');
  const folder = mkdtempSync(join(tmpdir(), 'postrider-migration-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, rows: Json[]) =>
    writeFileSync(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'));

  /** In a shell; files are those of the folder. @returns its exit code and what it prints */
  async function run(commands: string | undefined, more: Record<string, string> = {}) {
    const { url, apiKey } = scene.running;
    const variables = { API: url, POSTRIDER_API_KEY: apiKey, TENANT: scene.tenant, ...more };
    const script = (commands ?? 'false').replaceAll(/\b(endpoints|sent)\.jsonl/g, (name) => join(folder, name));
    const done = promisify(execFile)('bash', ['-ec', script], { env: { ...process.env, ...variables } });
    const { stdout, code = 0 } = await done.catch((error: Json) => error);
    return { code, lines: (stdout as string).trim().split('\n') };
  }

  const held = async (id: string) => (await scene.api.get(`/v1/deliveries?endpoint_id=${id}&status=held`)).data;

  test('imports, runs both, compares, cuts over without a loss or a duplicate, and goes back', async () => {
    const receiver = await scene.receiver();
    const at = (name: string) => ({ tenant_id: scene.tenant, url: `${receiver.url}/${name}` });
    write('endpoints.jsonl', [
      { id: 'a', ...at('a'), events: ['task.*'] },
      { id: 'b', ...at('b'), events: ['*'], filter: { id: { $startsWith: 'TASK' } } },
      { id: 'c', ...at('c'), events: ['*'], disabled: true },
    ]);
    const imported = await run(IMPORT);
    expect(imported.lines.filter((line) => /^\d/.test(line))).toEqual([
      '3 would be made, 0 there already, 0 refused',
      '3 made, 0 there already',
    ]);
    const endpoints: Json[] = (await scene.api.get('/v1/endpoints')).data;
    expect(endpoints.map(({ status }) => status)).toEqual(['paused', 'paused', 'disabled']);
    const [a, b] = endpoints.map(({ id }) => id) as [string, string];

    expect(await run(POST)).toMatchObject({ code: 0, lines: [expect.stringContaining('"deliveries":2')] });
    const post = (id: string, data: object) => scene.api.post({ type: 'task.completed', external_id: id, data });
    await post('msg_2', { id: 'other' });
    const sent = (external: string, ...ids: string[]) =>
      ids.map((id) => ({ tenant_id: scene.tenant, external_id: external, endpoint_id: id }));
    write('sent.jsonl', [...sent('msg_1', 'a', 'b'), ...sent('msg_2', 'a', 'b'), ...sent('msg_3', 'a')]);
    expect(await run(COMPARE)).toEqual({
      code: 1,
      lines: [
        `${scene.tenant} msg_2: only there to b`,
        `${scene.tenant} msg_3: is not here`,
        '1 events the same, 2 not',
      ],
    });
    write('sent.jsonl', [...sent('msg_1', 'a', 'b'), ...sent('msg_2', 'a')]);
    expect(await run(COMPARE)).toEqual({ code: 0, lines: ['2 events the same, 0 not'] });
    write('sent.jsonl', sent('msg_1', 'a'));
    expect((await run(COMPARE)).lines).toContain(`${scene.tenant} msg_1: only here to b`);
    expect(receiver.arrivals).toEqual([]);

    const SINCE = new Date().toISOString();
    const between = await post('msg_4', { id: 'TASK-4' });
    for (const ENDPOINT of [a, b]) {
      expect((await run(RESUME, { ENDPOINT })).code).toBe(0);
      await eventually(
        () => held(ENDPOINT),
        (left: Json[]) => left.length === 0,
      );
      expect((await run(REPLAY, { ENDPOINT, SINCE })).code).toBe(0);
    }
    await scene.arrived(receiver, between.id, 2);
    const after = await post('msg_5', { id: 'TASK-5' });
    await scene.arrived(receiver, after.id, 2);
    expect(receiver.arrivals.map(({ path }) => path).toSorted()).toEqual(['/hook/a', '/hook/a', '/hook/b', '/hook/b']);
    expect(receiver.of(between.id)).toHaveLength(2);

    for (const ENDPOINT of [a, b]) expect((await run(PAUSE, { ENDPOINT })).code).toBe(0);
    await post('msg_6', { id: 'TASK-6' });
    await eventually(
      async () => [...(await held(a)), ...(await held(b))],
      (all: Json[]) => all.length === 2,
    );
    expect(receiver.arrivals).toHaveLength(4);
  }, 120_000);
});
