import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { type Script, atTerminal } from './at-terminal.ts';

let service: Service;
let folder: string;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  folder = mkdtempSync(join(tmpdir(), 'postrider-pty-'));
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

const at = (args: readonly string[], script: Script = []) => atTerminal(args, script, { folder });

test('somebody signs in at a terminal: the key is not shown, and kept for its owner alone', async () => {
  const { code, screen } = await at(
    ['login'],
    [
      ['Address of the service', `${service.url}\r`],
      ['API key', `${service.apiKey}\r`],
    ],
  );
  expect(code, screen).toBe(0);
  expect(screen).not.toContain(service.apiKey);
  expect(stripVTControlCharacters(screen)).toContain(`Signed in to ${service.url}`);
  const file = join(folder, 'profiles.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(service.apiKey);
});

test('doctor finds a healthy service, in colours', async () => {
  const { code, screen } = await at(['doctor']);
  expect(code, screen).toBe(0);
  expect(screen).toContain('\u001b[32mok');
  expect(screen).not.toContain('FAILED');
});

test('a question that is answered with Ctrl-C ends with 130, and nothing was done', async () => {
  const { code, screen } = await at(['brake', 'set'], [['go on?', '\u0003']]);
  expect(code, screen).toBe(130);
  expect(stripVTControlCharacters(screen)).toContain('Stopped.');
  expect((await at(['brake', 'get', '-o', 'json'])).screen).toContain('"braked_since": null');
});
