import { expect, test } from 'vitest';
import { sourceFiles } from '../support/source-files.ts';

const CLIENT = 'lib/adapters/http/';
const NETWORK = new Set(
  ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises'].map((name) => `node:${name}`),
);
/** What neither opens a connection nor looks up a name; a server answers those who come. */
const HARMLESS = new Set(['STATUS_CODES', 'createServer', 'isIP', 'createSecureContext', 'BlockList']);
/** They ask the service itself. */
const ASK_THE_SERVICE = new Set(['bin/import/target.ts', 'bin/prove/deployment.ts', 'lib/local/demo/api-client.ts']);
/** Of what ships: none of them sends requests, AWS's own aside. */
const PACKAGES = new Set([
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-kms',
  '@aws-sdk/client-sesv2',
  '@aws-sdk/client-sns',
  '@aws-sdk/client-sqs',
  '@aws-sdk/credential-provider-env',
  '@aws-sdk/lib-dynamodb',
  '@cfworker/json-schema',
  '@hono/node-server',
  '@middy/core',
  'aws-cdk-lib',
  'aws-lambda',
  'cdk-nag',
  'commander',
  'constructs',
  'esbuild',
  'hono',
  'ipaddr.js',
  'otpauth',
  'ulid',
  'zod',
]);

/** What they send goes to the collector, or the mail server, that the operator names, and nowhere else. */
const NAMED_BY_OPERATOR = [
  { folder: 'lib/local/telemetry/', packages: /^@opentelemetry\// },
  { folder: 'lib/adapters/smtp/', packages: /^nodemailer$/ },
];

const product = [...sourceFiles('lib'), ...sourceFiles('lambdas'), ...sourceFiles('bin')];
const others = product.filter(({ path }) => !path.startsWith(CLIENT));

/** The names that a file imports as values from modules of the network; `*` and `default` for the whole of one. */
function networkImports(text: string): string[] {
  return [...text.matchAll(/^import (?!type )([^;]*?) from '([^']+)';/gm)].flatMap(([, what = '', module = '']) => {
    if (!NETWORK.has(module)) return [];
    if (!what.startsWith('{')) return ['*'];
    const names = what
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim());
    return names
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => name.split(' as ')[0] as string);
  });
}

test('only the one client opens connections and looks up names', () => {
  for (const { path, text } of others) {
    expect(
      networkImports(text).filter((name) => !HARMLESS.has(name)),
      path,
    ).toEqual([]);
    expect(text, path).not.toMatch(/\b(require|import)\(\s*['"](node:)?(http|https|http2|net|tls|dgram|dns)\b/);
    expect(text, path).not.toMatch(/\bnew (WebSocket|EventSource|XMLHttpRequest)\(/);
    if (!ASK_THE_SERVICE.has(path)) expect(text, path).not.toMatch(/(?<![.\w])fetch\(|globalThis\.fetch/);
  }
});

test('no package that sends requests is used, the AWS SDK aside', () => {
  const nameOf = (module: string) =>
    module
      .split('/')
      .slice(0, module.startsWith('@') ? 2 : 1)
      .join('/');
  for (const { path, modules } of product) {
    const packages = modules.filter((module) => /^[@a-z]/.test(module) && !module.startsWith('node:')).map(nameOf);
    expect(
      packages.filter((name) => !PACKAGES.has(name) && !isNamedByOperator(path, name)),
      path,
    ).toEqual([]);
  }
});

function isNamedByOperator(path: string, name: string): boolean {
  return NAMED_BY_OPERATOR.some(({ folder, packages }) => path.startsWith(folder) && packages.test(name));
}

test('the check sees each way to import', () => {
  const text = `import http, { type Agent } from 'node:http';
import * as net from 'node:net';
import {
  lookup as find,
  type LookupAddress,
} from 'node:dns/promises';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
`;
  expect(networkImports(text)).toEqual(['*', '*', 'lookup', 'isIP']);
});
