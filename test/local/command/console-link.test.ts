import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StartedProcess } from '../started-process.ts';

let folder: string;
let started: StartedProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-console-link-'));
});

afterEach(async () => {
  await started?.kill();
  rmSync(folder, { recursive: true });
});

function start(...more: string[]): StartedProcess {
  started = new StartedProcess(['--port', '0', '--data', join(folder, 'data'), '--no-demo', ...more]);
  return started;
}

const LINK = /Console +(http:\/\/127\.0\.0\.1:\d+)\/#code=(prc_\S+)/;

test('npm start prints a link to the console, which signs in once', async () => {
  const [, origin = '', code = ''] = await start().printed(LINK);
  const page = await fetch(origin);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  const exchange = () =>
    fetch(`${origin}/v1/portal/sessions/exchange`, { method: 'POST', headers: { authorization: `Bearer ${code}` } });
  const { session } = (await (await exchange()).json()) as { session: { tenant_id: unknown; access: string } };
  expect(session).toMatchObject({ tenant_id: null, access: 'manage' });
  expect((await exchange()).status).toBe(401);
});

test('who may frame it is said at the start', async () => {
  const [, origin = ''] = await start('--frame-ancestors', 'https://app.example.com', 'self').printed(LINK);
  const policy = (await fetch(origin)).headers.get('content-security-policy')?.split('; ');
  expect(policy).toContain("frame-ancestors https://app.example.com 'self'");
});

test('what is no origin stops the start', async () => {
  const refused = start('--frame-ancestors', '*');
  expect(await refused.exited).toBe(1);
  expect(refused.stderr).toMatch(/^--frame-ancestors: "\*" can't frame the console: give an origin /);
});
