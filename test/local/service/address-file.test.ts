import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAddress } from '../../../lib/local/service/address-file.ts';
import { startService } from '../../../lib/local/service/service.ts';
import { MemoryLog } from '../../support/memory-log.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'postrider-address-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const written = () => readFileSync(join(folder, 'address'), 'utf8');

test('a service writes beside its key where it is reached, while it runs', async () => {
  for (let start = 0; start < 2; start += 1) {
    const service = await startService({ dataDir: folder, port: 0, log: new MemoryLog() });
    expect(written()).toBe(`${service.url}\n`);
    await service.stop();
    expect(written).toThrow('ENOENT');
  }
});

test.each([
  ['http://0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['https://[::]:8443', 'https://[::1]:8443'],
  ['http://10.1.2.3:8080', 'http://10.1.2.3:8080'],
])('one that listens at %s is reached from this machine at %s', (url, address) => {
  const remove = writeAddress(folder, url);
  expect(written()).toBe(`${address}\n`);
  remove();
  expect(readdirSync(folder)).toEqual([]);
});
