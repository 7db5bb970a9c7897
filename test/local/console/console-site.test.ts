import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConsoleSite } from '../../../lib/local/console/console-site.ts';
import { startGateway } from '../../../lib/local/service/gateway.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { ApiFixture } from '../../api/fixture.ts';
import { RawConnection } from '../../support/http.ts';

const PAGE = '<!doctype html><script type="module" src="./assets/index-a1.js"></script>';

let folder: string;
let fixture: ApiFixture;
let gateway: Listener;

const startWith = (files: Promise<string | undefined>, frameAncestors: readonly string[] = ["'self'"]) =>
  startGateway({
    api: fixture.api,
    host: '127.0.0.1',
    port: 0,
    site: createConsoleSite({ folder: files, frameAncestors }),
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-site-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'config.json'), '{"docs":"of the build"}');
  writeFileSync(join(folder, 'assets/index-a1.js'), 'export {};');
  fixture = await ApiFixture.open();
  gateway = await startWith(Promise.resolve(folder));
});
afterAll(async () => {
  await gateway.close();
  fixture.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(gateway.url + path, init);

describe('the console at /', () => {
  it('is the built page, which is asked for each time', async () => {
    const response = await get('/');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toBe(PAGE);
  });

  it('has files named by their content, which are kept for ever', async () => {
    const response = await get('/assets/index-a1.js');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await response.text()).toBe('export {};');
  });

  it('says in config.json what this service has, whatever the build wrote there', async () => {
    const response = await get('/config.json');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.json()).toEqual({ api: './', docs: 'docs' });
  });

  it.each(['/', '/assets/index-a1.js', '/config.json'])(
    'lets %s load nothing of others, and run no text',
    async (path) => {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy.split('; ')).toEqual([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    },
  );

  it('is sent compressed to whoever takes that', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const response = await get('/', { headers });
    expect(response.headers.get('vary')).toBe('accept-encoding');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toBe(PAGE);
    const refusing = await get('/', { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
    expect(refusing.headers.get('content-encoding')).toBeNull();
  });

  it('answers HEAD, and refuses to be written', async () => {
    const head = await get('/', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await get('/', { method: 'POST' })).status).toBe(404);
  });

  it.each([
    '/assets/..%2f..%2fpackage.json',
    '/assets/../package.json',
    '/assets/',
    '/assets',
    '/index',
    '//etc/passwd',
  ])('has no file %s', async (path) => {
    const connection = new RawConnection(gateway.port);
    connection.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(await connection.received(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 404 /);
    connection.destroy();
  });

  it('leaves the paths of the API to the API', async () => {
    expect((await get('/v1/health')).headers.get('content-type')).toBe('application/json');
    expect((await get('/v1/nothing')).status).toBe(404);
    expect((await get('/docs')).headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describe('who may frame the console', () => {
  it.each([
    [[], "frame-ancestors 'none'", 'DENY'],
    [['https://app.example.com', "'self'"], "frame-ancestors https://app.example.com 'self'", null],
  ])('%j is in its headers', async (frameAncestors, directive, frameOptions) => {
    const framed = await startWith(Promise.resolve(folder), frameAncestors);
    const { headers } = await fetch(framed.url);
    expect(headers.get('content-security-policy')?.split('; ')).toContain(directive);
    expect(headers.get('x-frame-options')).toBe(frameOptions);
    await framed.close();
  });
});

describe('a console that is being built', () => {
  it('is waited for; the API is not', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const early = await startWith(promise);
    const page = fetch(early.url);
    expect((await fetch(`${early.url}/v1/health`)).status).toBe(200);
    resolve(folder);
    expect(await (await page).text()).toBe(PAGE);
    await early.close();
  });

  it('is a path that nobody knows when it can’t be built', async () => {
    const without = await startWith(Promise.resolve(undefined));
    const response = await fetch(without.url);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    await without.close();
  });
});
