import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, expect, test } from 'vitest';
import { PostriderStack } from '../../lib/infra/postrider-stack.ts';
import { WITH_SOURCES, functionsOf, newApp } from './synthesized.ts';

const outdir = mkdtempSync(join(tmpdir(), 'postrider-synth-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** The whole synthesis, with the code of every function. */
const stack = new PostriderStack(newApp({ outdir }), 'Postrider', WITH_SOURCES);
const functions = functionsOf(Template.fromStack(stack).toJSON().Resources);
const assets = Object.entries(functions).map(([entry, { Code }]) => ({
  entry,
  folder: join(outdir, `asset.${(Code.S3Key as string).replace('.zip', '')}`),
}));

/** What plain Node prints for a module: the bundles must run without the test runner's own loader. */
function runInNode(source: string, environment: Record<string, string> = {}): unknown {
  const env = { ...process.env, ...environment };
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8', env });
  return JSON.parse(output) as unknown;
}

test('each function has code of its own: an index and what it loads later, without a folder of packages', () => {
  expect(new Set(assets.map(({ folder }) => folder)).size).toBe(10);
  for (const { folder, entry } of assets) {
    const files = readdirSync(folder);
    expect(files, entry).toContain('index.mjs');
    expect(files.filter((name) => !/^[a-z-]+(?:-[A-Z0-9]{8})?\.mjs$/.test(name))).toEqual([]);
  }
});

test('each file is a module that Node loads, and exports the handler', () => {
  const kinds = runInNode(`
    const kinds = {};
    for (const { entry, folder } of ${JSON.stringify(assets)}) {
      kinds[entry] = typeof (await import(folder + '/index.mjs')).handler;
    }
    console.log(JSON.stringify(kinds));
  `);
  expect(kinds).toEqual(Object.fromEntries(assets.map(({ entry }) => [entry, 'function'])));
});

test('what is deployed as account answers GET /v1/health', () => {
  const folder = assets.find(({ entry }) => entry === 'account')?.folder;
  const event = { version: '2.0', routeKey: 'GET /v1/health', headers: {}, requestContext: {}, isBase64Encoded: false };
  const environment = {
    POSTRIDER_CONFIG_TABLE: 'config',
    POSTRIDER_KMS_KEY_ID: 'key',
    POSTRIDER_LOG_TTL_DAYS: '30',
    POSTRIDER_LOG_SAMPLE: '1',
    POSTRIDER_SERVICE: 'Postrider',
    AWS_REGION: 'us-east-1',
  };
  const source = `
    const { handler } = await import(${JSON.stringify(`${folder}/index.mjs`)});
    console.log(JSON.stringify(await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 10_000 })));
  `;
  const answer = runInNode(source, environment);
  expect(answer).toMatchObject({ statusCode: 200 });
});
