import { appendFile, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { type Service, startService } from '../../../lib/local/service/service.ts';
import type { SourceOptions } from '../../../lib/local/sources/start-source.ts';
import { eventually } from '../../e2e/api.ts';
import { MemoryLog } from '../../support/memory-log.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postrider-sources-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const line = (n: number, more: object = {}) =>
  `${JSON.stringify({ tenant_id: 'org_1', type: 'line.read', data: { n }, ...more })}\n`;

async function start(folder: string, source: SourceOptions, log = new MemoryLog()): Promise<Service> {
  const service = await startService({ dataDir: join(folder, 'data'), port: 0, log, source });
  onTestFinished(() => service.stop());
  return service;
}

/** The numbers in the events of the tenant, ascending: the ids of events of one millisecond have no order. */
async function numbersIn({ url, apiKey }: Service): Promise<number[]> {
  const headers = { authorization: `Bearer ${apiKey}`, 'postrider-tenant': 'org_1' };
  const response = await fetch(`${url}/v1/events?limit=100`, { headers });
  const { data } = (await response.json()) as { data: { data: { n: number } }[] };
  return data.map((event) => event.data.n).toSorted((a, b) => a - b);
}

function untilThere(service: Service, count: number): Promise<number[]> {
  return eventually(
    () => numbersIn(service),
    (numbers) => numbers.length >= count,
  );
}

test('a file’s lines become events, and so do those that are appended', async () => {
  const folder = await temporaryFolder();
  const from = join(folder, 'events.jsonl');
  await writeFile(from, `${line(1)}\n  \r\n${line(2)}`);
  const service = await start(folder, { from });
  expect(await untilThere(service, 2)).toEqual([1, 2]);
  await appendFile(from, line(3).slice(0, 20));
  await appendFile(from, line(3).slice(20));
  expect(await untilThere(service, 3)).toEqual([1, 2, 3]);
});

test('a restart goes on where the last one has come to', async () => {
  const folder = await temporaryFolder();
  const from = join(folder, 'events.jsonl');
  await writeFile(from, line(1));
  const first = await start(folder, { from });
  await untilThere(first, 1);
  await first.stop();
  await appendFile(from, line(2));
  const log = new MemoryLog();
  const second = await start(folder, { from }, log);
  expect(await untilThere(second, 2)).toEqual([1, 2]);
  expect(log.named('ingest.repeated')).toEqual([]);
});

test('a file in the place of another is read from its beginning; what is the same line is the same event', async () => {
  const folder = await temporaryFolder();
  const from = join(folder, 'events.jsonl');
  await writeFile(from, line(1) + line(2));
  const log = new MemoryLog();
  const service = await start(folder, { from }, log);
  await untilThere(service, 2);
  await writeFile(`${from}.new`, line(1) + line(3));
  await rename(`${from}.new`, from);
  expect(await untilThere(service, 3)).toEqual([1, 2, 3]);
  expect(log.named('source.replaced')).toHaveLength(1);
  // Said once the batch is answered, and its events are there before.
  const repeated = await eventually(
    async () => log.named('ingest.repeated'),
    (lines) => lines.length > 0,
  );
  expect(repeated).toHaveLength(1);
});

test('what can’t be an event stands in a file beside it, which only its owner can read', async () => {
  const folder = await temporaryFolder();
  const from = join(folder, 'events.jsonl');
  await writeFile(from, `no event\n${line(1)}`);
  const service = await start(folder, { from });
  await untilThere(service, 1);
  const refused = join(folder, 'events.refused.jsonl');
  const kept = await eventually(
    () => readFile(refused, 'utf8').catch(() => ''),
    (text) => text !== '',
  );
  expect(JSON.parse(kept)).toMatchObject({ source: from, error_code: 'invalid-json', body: 'no event' });
  if (process.platform !== 'win32') expect((await stat(refused)).mode & 0o777).toBe(0o600);
});

test('standard input is read to its end, with fields that say how', async () => {
  const folder = await temporaryFolder();
  const input = new PassThrough();
  const log = new MemoryLog();
  const fields = [
    { name: 'tenant_id', value: 'org_1' },
    { name: 'type', value: 'piped' },
    { name: 'data', from: '.' },
  ];
  const service = await start(folder, { from: input, fields }, log);
  input.write('{"n":1}\n{"n"');
  input.end(':2}');
  expect(await untilThere(service, 2)).toEqual([1, 2]);
  await eventually(
    async () => log.named('source.ended'),
    (lines) => lines.length > 0,
  );
});

test('the service stops while its source is open', async () => {
  const folder = await temporaryFolder();
  const service = await start(folder, { from: new PassThrough() });
  await service.stop();
});

test('a source that is no file stops the start, in a sentence', async () => {
  const folder = await temporaryFolder();
  await expect(start(folder, { from: join(folder, 'none.jsonl') })).rejects.toThrow(/can't be read \(ENOENT\)/);
  await expect(start(folder, { from: folder })).rejects.toThrow('is no file: name a file of JSON lines');
});
