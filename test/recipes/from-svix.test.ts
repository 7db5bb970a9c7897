import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addDialects } from '../../lib/dialects/index.ts';
import { readDialects } from '../../lib/dialects/own-dialects.ts';
import { postrider } from '../cli/fake-terminal.ts';
import type { RunningBackend } from '../e2e/backend.ts';
import { embedded } from '../e2e/embedded.ts';
import { unusedPort } from '../support/customer-server.ts';
import { ROOT } from '../support/source-files.ts';
import { Recipe } from './recipe.ts';

// docs/recipes/from-svix.md: its programs, its command and its dialect, with Svix's own library as the receiver.

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const dialectOf = (page: string) => /^```json\n(\{\n {2}"svix"[^]*?)^```$/m.exec(page)?.[1] ?? '';

let recipe: Recipe;
let service: RunningBackend;
let port: string;
beforeAll(async () => {
  recipe = new Recipe('from-svix', ['svix']);
  addDialects(readDialects(JSON.parse(dialectOf(recipe.page))));
  service = await embedded.start();
  port = String(await unusedPort());
  recipe.writePrograms({ 3000: port, 'http://127.0.0.1:8080': service.url });
}, 60_000);
afterAll(async () => {
  await recipe.remove();
  await service.stop();
});

test('the dialect is that of docs/migrate.md', () => {
  const migrate = readFileSync(join(ROOT, 'docs/migrate.md'), 'utf8');
  expect(JSON.parse(dialectOf(recipe.page))).toEqual(JSON.parse(dialectOf(migrate)));
});

test('a receiver that knows Svix alone gets what is posted, as the page says', { timeout: 60_000 }, async () => {
  const words = recipe.words('npx postrider ').map((word) => word.replace('3000', port).replace('$SECRET', SECRET));
  const env = { POSTRIDER_URL: service.url, POSTRIDER_API_KEY: service.apiKey };
  const { code, stderr } = await postrider(words, { env });
  expect(code, stderr).toBe(0);
  const receiver = recipe.start(['receive.js'], { SECRET });
  await vi.waitUntil(() => receiver.output.includes('listening'), { timeout: 30_000 });
  const sender = recipe.start(['send.js'], env);
  expect([await sender.ended, sender.output]).toEqual([0, 'posted to 1\n']);
  const lines = ['listening', "received { type: 'invoice.paid', invoice: 'INV-1' }"];
  await vi.waitUntil(() => receiver.output.split('\n').length > lines.length, { timeout: 30_000 });
  expect(receiver.output).toBe(`${lines.join('\n')}\n`);
  for (const line of [...lines, 'posted to 1']) expect(recipe.page).toContain(`\n# ${line}\n`);
});
