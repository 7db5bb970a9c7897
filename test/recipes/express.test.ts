import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunningBackend } from '../e2e/backend.ts';
import { Api } from '../e2e/api.ts';
import { embedded } from '../e2e/embedded.ts';
import { unusedPort } from '../support/customer-server.ts';
import { ROOT } from '../support/source-files.ts';
import { Recipe } from './recipe.ts';

// docs/recipes/express.md: its programs and its commands, and what it says that they print.

let recipe: Recipe;
let service: RunningBackend;
let port: string;
beforeAll(async () => {
  recipe = new Recipe('express', ['express']);
  service = await embedded.start();
  port = String(await unusedPort());
  recipe.writePrograms({ 3000: port });
}, 60_000);
afterAll(async () => {
  await recipe.remove();
  await service.stop();
});

const POSTRIDER = join(ROOT, 'cli/bin/postrider.js');
const access = () => ({ POSTRIDER_URL: service.url, POSTRIDER_API_KEY: service.apiKey, POSTRIDER_SECRET: '' });
const postrider = (words: readonly string[]) =>
  recipe.start([POSTRIDER, ...words.map((word) => word.replace('3000', port))], access());

test('what listen brings is received once, as the page says', { timeout: 90_000 }, async () => {
  const listen = postrider(['listen', ...recipe.words('npx postrider listen ')]);
  await vi.waitUntil(() => listen.output.includes('Forwarding'), { timeout: 30_000 });
  const [, secret = ''] = /^Signed with (whsec_\S+)$/m.exec(listen.output) ?? [];
  const server = recipe.start(['server.js'], { POSTRIDER_SECRET: secret });
  await vi.waitUntil(() => server.output.includes('listening'), { timeout: 30_000 });
  expect(await postrider(['trigger', ...recipe.words('npx postrider trigger ')]).ended).toBe(0);
  const line = "received task.completed { task_id: 'TASK-001' }";
  expect(recipe.page).toContain(line);
  await vi.waitUntil(() => server.output.includes(line), { timeout: 30_000 });
  const api = new Api(service, 'default');
  const find = async () => (await api.get('/v1/deliveries?status=delivered')).data[0];
  await vi.waitUntil(find, { timeout: 30_000, interval: 100 });
  // What `r` does.
  expect((await api.call('POST', `/v1/deliveries/${(await find()).id}/retry`)).status).toBe(202);
  await vi.waitUntil(() => listen.output.split(' 204 ').length === 3, { timeout: 30_000 });
  expect(server.output).toBe(`listening\n${line}\n`);
  listen.child.kill('SIGINT');
  expect(await listen.ended).toBe(130);
});

test('the test of the page passes', { timeout: 60_000 }, async () => {
  const tests = recipe.start(['--test', '--test-reporter=tap']);
  expect([await tests.ended, /^# pass (\d+)$/m.exec(tests.output)?.[1]], tests.output).toEqual([0, '2']);
});
