import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service, startService } from '../../lib/local/service/service.ts';
import { Api } from '../e2e/api.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { runScript } from './run-script.ts';

let service: Service;
let folder: string;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  folder = mkdtempSync(join(tmpdir(), 'postrider-open-'));
  writeFileSync(join(folder, 'api-key'), `${service.apiKey}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

const open = (...args: string[]) => runScript('open', ['--url', service.url, '--print', ...args]);

/** The session that a link opens. */
async function opened(link: string) {
  const [address, code = ''] = link.trim().split('#code=');
  expect(address).toBe(`${service.url}/`);
  const exchange = () => new Api({ url: service.url, apiKey: code }).call('POST', '/v1/portal/sessions/exchange');
  const { body } = await exchange();
  expect((await exchange()).status).toBe(401);
  return body.session;
}

test('the printed link signs an operator in, once, by the key of the data folder', async () => {
  const { code, stdout, stderr } = await open('--data', folder, '--user', 'ada');
  expect(code, stderr).toBe(0);
  expect(await opened(stdout)).toMatchObject({ tenant_id: null, user: 'ada', access: 'manage', status: 'live' });
});

test('with a tenant it signs somebody of it in', async () => {
  const { stdout } = await open('--key', service.apiKey, '--tenant', 'acme', '--access', 'read');
  expect(await opened(stdout)).toMatchObject({ tenant_id: 'acme', access: 'read' });
});

test('what the service prints at its start signs its operator in, once', async () => {
  expect(await opened(await service.operatorLink())).toMatchObject({ tenant_id: null, user: 'operator' });
});

test.each([
  [['--key', 'prk_wrong'], 'A valid API key is needed'],
  [['--data', '/nowhere'], 'No key: set POSTRIDER_API_KEY'],
  [['--key', 'prk_x', '--access', 'own'], "'own' is invalid"],
])('%j is refused in one line that says what to do', async (args, message) => {
  const { code, stdout, stderr } = await open(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
