import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineName } from '../../../cli/src/access/machine.ts';
import { makeEndpoint } from '../../../cli/src/listen/own-endpoint.ts';
import { Postrider } from '../../../sdk/src/postrider.ts';
import { scripted } from '../fake-terminal.ts';

/** More than any process has. */
const NO_PID = 2 ** 30;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'postrider-machine-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const envOf = (name: string) => ({ POSTRIDER_CONFIG: join(folder, name, 'profiles.json') });

test('a machine keeps its name, and another with the same host name has another', () => {
  expect(machineName(envOf('mine'))).toBe(machineName(envOf('mine')));
  expect(machineName(envOf('mine'))).not.toBe(machineName(envOf('other')));
  expect(machineName({ POSTRIDER_CONFIG: '/dev/null/profiles.json' })).toMatch(/:[\da-f-]{36}$/);
});

test('only what a dead listen of this machine has left behind is deleted', async () => {
  const [mine, other] = [machineName(envOf('mine')), machineName(envOf('other'))];
  const listening = (id: string, mark: string, kind = 'poll') => ({ id, kind, metadata: { 'postrider-listen': mark } });
  const data = [
    listening('ep_dead', `${mine}/${NO_PID}`),
    listening('ep_live', `${mine}/${process.pid}`),
    listening('ep_of_a_colleague', `${other}/${NO_PID}`),
    listening('ep_push', `${mine}/${NO_PID}`, 'push'),
    { id: 'ep_of_theirs', kind: 'poll', metadata: {} },
  ];
  const { fetch, sent } = scripted({ body: { data, next_cursor: null } }, { status: 204 }, { body: { id: 'ep_new' } });
  const client = new Postrider({ apiKey: 'prk_x', baseUrl: 'http://a.test', fetch });
  const terminal = { env: envOf('mine'), signal: new AbortController().signal };
  await makeEndpoint(client, { events: ['*'] }, terminal);
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/endpoints',
    'DELETE /v1/endpoints/ep_dead',
    'POST /v1/endpoints',
  ]);
  expect(JSON.parse(sent[2]?.body ?? '').metadata).toEqual({ 'postrider-listen': `${mine}/${process.pid}` });
});
