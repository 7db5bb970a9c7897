import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook as Svix } from 'svix';
import { afterAll, describe, expect, test } from 'vitest';
import { addDialects } from '../../lib/dialects/index.ts';
import { readDialects } from '../../lib/dialects/own-dialects.ts';
import { eventually } from './api.ts';
import { embedded } from './embedded.ts';
import type { Arrival } from './receiver.ts';
import { isThere } from './receiver-process.ts';
import { Scene } from './scene.ts';

const PAGE = readFileSync('docs/migrate.md', 'utf8');
const IMPORT = PAGE.slice(PAGE.indexOf('## Import'), PAGE.indexOf('## Code that uses'));
const blocks = (kind: string) =>
  [...IMPORT.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block as string);
const [, FROM_SVIX, FROM_OUTPOST] = blocks('sh') as [string, string, string];
for (const json of blocks('json')) addDialects(readDialects(JSON.parse(json)));

/** Answers each path as it is told; a path has its query. */
async function serve(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    const answer = request.headers.authorization === 'Bearer token' ? answers[url] : undefined;
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, stop: () => new Promise((resolve) => server.close(resolve)) };
}

describe.skipIf(!isThere('jq'))('an import by the commands of docs/migrate.md', () => {
  const scene = new Scene(embedded, 'peers');
  const folder = mkdtempSync(join(tmpdir(), 'postrider-peers-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = async (commands: string, name: string, more: Record<string, string>) => {
    const { url, apiKey } = scene.running;
    const variables = { API: url, POSTRIDER_API_KEY: apiKey, TENANT: scene.tenant, ...more };
    const script = commands.replaceAll(/\b(endpoints|answers)\.json/g, (file) => join(folder, `${name}-${file}`));
    const env = { ...process.env, ...variables };
    return (await promisify(execFile)('bash', ['-ec', script], { env })).stdout.trim().split('\n');
  };
  const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;

  test('from two pages of Svix, with secrets and headers: its receivers verify what comes then', async () => {
    const receiver = await scene.receiver();
    const shown = (id: string) => ({ id, url: `${receiver.url}/${id}`, description: id, filterTypes: null });
    const path = '/api/v1/app/app_1/endpoint';
    const answers: Record<string, unknown> = {
      [`${path}?limit=250`]: { data: [shown('ep_1')], iterator: 'next', prevIterator: null, done: false },
      [`${path}?limit=250&iterator=next`]: { data: [shown('ep_2')], iterator: 'end', prevIterator: null, done: true },
    };
    for (const [index, id] of ['ep_1', 'ep_2'].entries()) {
      answers[`${path}/${id}/secret`] = { key: secretOf(index) };
      answers[`${path}/${id}/headers`] = { headers: { 'x-of': id }, sensitive: [] };
    }
    const svix = await serve(answers);
    const lines = await run(FROM_SVIX, 'svix', { SVIX: svix.url, SVIX_TOKEN: 'token', APP: 'app_1' });
    await svix.stop();
    expect(lines.at(-1)).toBe('2 made, 0 there already');
    await scene.api.post({ type: 'invoice.paid', data: { n: 1 } });
    await eventually(
      async () => receiver.arrivals,
      (arrivals) => arrivals.length === 2,
    );
    for (const [index, id] of ['ep_1', 'ep_2'].entries()) {
      const { headers, body } = receiver.arrivals.find((arrival) => arrival.path.endsWith(id)) as Arrival;
      expect(headers['x-of']).toBe(id);
      expect(() => new Svix(secretOf(index)).verify(body, headers)).not.toThrow();
      expect(JSON.parse(body)).toEqual({ n: 1 });
    }
  });

  test('from Outpost, in the middle of a rotation', async () => {
    const receiver = await scene.receiver();
    const credentials = {
      secret: 'the new one',
      previous_secret: 'the old one',
      previous_secret_invalid_at: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const destination = {
      id: 'des_1',
      type: 'webhook',
      topics: ['*'],
      disabled_at: null,
      config: { url: receiver.url },
      credentials,
    };
    const outpost = await serve({ [`/tenants/${scene.tenant}/destinations?type=webhook`]: [destination] });
    const lines = await run(FROM_OUTPOST, 'outpost', { OUTPOST: outpost.url, OUTPOST_KEY: 'token' });
    await outpost.stop();
    expect(lines.at(-1)).toBe('1 made, 0 there already');
    await scene.api.post({ type: 'invoice.paid', data: { n: 1 } });
    const [{ headers }] = (await eventually(
      async () => receiver.arrivals,
      (arrivals) => arrivals.length === 1,
    )) as [Arrival];
    expect(headers['x-outpost-signature']).toMatch(/^v0=[0-9a-f]{64},[0-9a-f]{64}$/);
    expect(headers['x-outpost-topic']).toBe('invoice.paid');
  });
});
