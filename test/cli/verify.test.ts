import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DialectName, dialects } from '@postrider/sdk/receive';
import { newSecret, signedMessage } from '@postrider/sdk/receive/testing';
import { postrider } from './fake-terminal.ts';

const SECRET = newSecret();
const OTHER = newSecret();
const SENT = new Date('2026-02-06T12:00:00Z');
const NOW = SENT.getTime() + 10_000;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'postrider-verify-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const message = (dialect: DialectName = 'standard', secret = SECRET) =>
  signedMessage({ type: 'task.completed', data: { name: 'é' } }, { secret, dialect, sentAt: SENT });

/** As a proxy or a server writes a request down. */
async function asHttp(dialect?: DialectName, end = ''): Promise<string> {
  const { headers, body } = await message(dialect);
  const lines = Object.entries(headers).map(([name, value]) => `${name.toUpperCase()}: ${value}`);
  return ['POST /webhooks HTTP/1.1', ...lines, '', `${body}${end}`].join('\r\n');
}

const verify = (input: string, args: string[] = [], options = {}) =>
  postrider(['verify', '-', '--secret', SECRET, ...args], { input, now: NOW, ...options });

describe.each(Object.keys(dialects) as DialectName[])('a saved request of the dialect %s', (dialect) => {
  const how = ['--dialect', dialect, '--url', 'https://receiver.example/webhooks'];

  test('is genuine, as HTTP has it and as JSON', async () => {
    const { headers, body } = await message(dialect);
    for (const input of [await asHttp(dialect), JSON.stringify({ headers, body })]) {
      const { code, stdout, stderr } = await verify(input, [...how, '-o', 'json']);
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ type: 'task.completed' });
    }
  });

  test('is not, when one byte of it was changed', async () => {
    const changed = (await asHttp(dialect)).replace('"name":"é"', '"name":"e"');
    const { code, stdout, stderr } = await verify(changed, how);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^postrider: Not genuine: .* \(wrong-signature\)\n$/);
  });
});

test('the answer for people says what it is; secrets come from the environment too', async () => {
  writeFileSync(join(folder, 'request.txt'), await asHttp());
  const env = { POSTRIDER_SECRET: `${OTHER},${SECRET}` };
  const { code, stdout, stderr } = await postrider(['verify', 'request.txt'], { folder, env, now: NOW });
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^genuine +yes\nid +\S+\ntype +task\.completed\n/);
});

test('one that is too old says so, and is genuine with --any-age', async () => {
  const late = { now: NOW + 3_600_000 };
  const { code, stderr } = await verify(await asHttp(), [], late);
  expect([code, stderr]).toEqual([1, 'postrider: Not genuine: It was sent 3610 s ago; 300 s are allowed. (too-old)\n']);
  expect(await verify(await asHttp(), ['--any-age'], late)).toMatchObject({ code: 0 });
  expect(await verify(await asHttp(), ['--tolerance', '4000'], late)).toMatchObject({ code: 0 });
});

test('the event of a Lambda function is a request, also where its body is base64', async () => {
  const { headers, body } = await message('standard');
  const event = { headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
  expect(await verify(JSON.stringify(event))).toMatchObject({ code: 0 });
  expect(await verify(JSON.stringify({ headers, body, isBase64Encoded: false }))).toMatchObject({ code: 0 });
});

test('a length that is none is not heeded', async () => {
  const request = (await asHttp()).replace('POST /webhooks HTTP/1.1', 'Content-Length: many');
  expect(await verify(request)).toMatchObject({ code: 0 });
});

test('the line end that an editor adds is left off, and that is said', async () => {
  const { code, stderr } = await verify(await asHttp('standard', '\r\n'));
  expect([code, stderr]).toEqual([0, 'The line end after the body is not part of it.\n']);
});

test.each([
  ['no request', 'No request. It has to be headers'],
  ['{"headers": {}, "body": {"type": "a"}}', 'The body was parsed'],
  ['{"headers": ', 'The file looks like JSON, and is not'],
  ['a: b\n\n{}', 'The header webhook-id is missing. (missing-header)'],
])('%j is refused with what to do', async (input, line) => {
  const { code, stderr } = await verify(input);
  expect(stderr).toContain(line);
  expect(code).toBe(line.includes('missing-header') ? 1 : 2);
});

test('without a secret, and with one that is none, it says what to do', async () => {
  const none = await postrider(['verify', '-'], { input: await asHttp(), now: NOW });
  expect(none).toMatchObject({ code: 2, stderr: 'postrider: No secret: pass --secret, or set POSTRIDER_SECRET.\n' });
  expect(await verify(await asHttp(), ['--secret', 'whsec_!'])).toMatchObject({ code: 2 });
});
