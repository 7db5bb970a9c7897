import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { postrider } from '../fake-terminal.ts';

let folder: string;
let service: Service;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-beside-'));
  service = await startService({ dataDir: join(folder, '.postrider'), port: 0, log: new MemoryLog() });
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

test('beside a service on any port nothing has to be said, and doctor says what was found', async () => {
  const { code, stdout } = await postrider(['doctor'], { folder });
  expect(code, stdout).toBe(0);
  expect(stdout).toContain(`(${service.url}, by the folder .postrider)`);
});

test('beside one that has ended it says so', async () => {
  const { url } = service;
  expect(await postrider(['endpoints', 'list', '--api-url', url], { folder })).toMatchObject({ code: 0 });
  await service.stop();
  const { code, stderr } = await postrider(['brake', 'set', '--yes', '--api-url', url], { folder });
  expect(code).toBe(7);
  expect(stderr).toContain(`No answer from ${url}`);
  expect(stderr).toContain('Start the service, or check --api-url.');
});
