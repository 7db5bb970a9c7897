import { rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import https from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ApiResponse } from '../../../lib/api/http/request-response.ts';
import { CONNECTION_LIMITS } from '../../../lib/local/service/connection-limits.ts';
import { type GatewayOptions, startGateway } from '../../../lib/local/service/gateway.ts';
import { readTls } from '../../../lib/local/command/tls-files.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { MAX_WAITING } from '../../../lib/local/service/connection-turns.ts';
import { ACME_KEY, ApiFixture } from '../../api/fixture.ts';
import { RawConnection } from '../../support/http.ts';
import { makeCertificate } from '../../support/certificates.ts';

const HEALTH = 'GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n';
const CONNECT = 'CONNECT a:443 HTTP/1.1\r\nHost: localhost\r\n\r\n';
const CERTIFICATE = await makeCertificate();
const TLS = { cert: Buffer.from(CERTIFICATE.cert), key: Buffer.from(CERTIFICATE.key) };

let fixture: ApiFixture;
let gateway: Listener | undefined;

beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(async () => {
  await gateway?.close();
  fixture.close();
});

async function open(options: Partial<GatewayOptions> = {}): Promise<Listener> {
  gateway = await startGateway({ api: fixture.api, host: '127.0.0.1', port: 0, ...options });
  return gateway;
}

const codes = () => fixture.lines.map(({ fields }) => fields?.code);

describe('requests that are sent without waiting for responses', () => {
  /** Answers each when the test says so. */
  async function openGated() {
    const begun: string[] = [];
    const gates = new Map<string, () => void>();
    const handle = async (_: unknown, { query }: { query: Record<string, string> }): Promise<ApiResponse> => {
      const name = String(query.n);
      begun.push(name);
      await new Promise<void>((resolve) => gates.set(name, resolve));
      return { status: 200, headers: {}, body: `<${name}>` };
    };
    const { port } = await open({ api: { ...fixture.api, handle } });
    const connection = new RawConnection(port);
    const answer = async (name: string) => {
      await expect.poll(() => begun.at(-1)).toBe(name);
      gates.get(name)?.();
      return connection.received(new RegExp(`<${name}>`));
    };
    return { connection, answer, begun };
  }

  const named = (name: string) => HEALTH.replace('health', `health?n=${name}`);

  test('are answered in their order, one at a time', async () => {
    const { connection, answer, begun } = await openGated();
    connection.write(['a', 'b', 'c'].map(named).join(''));
    for (const name of ['a', 'b', 'c']) await answer(name);
    expect(begun).toEqual(['a', 'b', 'c']);
    connection.destroy();
  });

  test.each([
    ['no request', 'garbage\r\n\r\n'],
    ['a broken body', 'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['CONNECT', CONNECT],
  ])('are answered, and %s after them is refused after their answers', async (_, broken) => {
    const { connection, answer, begun } = await openGated();
    connection.write(`${named('a')}${named('b')}${broken}`);
    await expect.poll(codes).toEqual([]);
    connection.write('more of it\r\n\r\n');
    for (const name of ['a', 'b']) await answer(name);
    const received = await connection.received(/\}$/);
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400']);
    await connection.closed();
    expect(begun).toEqual(['a', 'b']);
    expect(codes()).toEqual(['malformed-request']);
  });

  test(`more than ${MAX_WAITING} of them that wait close the connection`, async () => {
    let begun = 0;
    const handle = () => {
      begun += 1;
      return new Promise<ApiResponse>(() => {});
    };
    const { port } = await open({ api: { ...fixture.api, handle } });
    const [within, beyond] = [new RawConnection(port), new RawConnection(port)];
    within.write(HEALTH.repeat(1 + MAX_WAITING));
    beyond.write(HEALTH.repeat(2 + MAX_WAITING));
    await beyond.closed();
    expect(within.isOpen).toBe(true);
    expect(begun).toBe(2);
    within.destroy();
  });
});

describe('a client that wants a proxy', () => {
  /** @returns what would have ended the process */
  function catchUncaught(): unknown[] {
    const uncaught: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error));
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException');
      for (const listener of others) process.on('uncaughtException', listener);
    });
    return uncaught;
  }

  test('and resets its connection harms nobody', async () => {
    const { port, url } = await open();
    const uncaught = catchUncaught();
    for (let count = 1; count <= 20; count += 1) {
      const socket = connect(port, '127.0.0.1', () => socket.write(CONNECT, () => socket.resetAndDestroy()));
      await new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
      await expect.poll(() => codes().length).toBe(count);
    }
    expect((await fetch(`${url}/v1/health`)).status).toBe(200);
    expect(uncaught).toEqual([]);
  });

  test('loses its connection, though it leaves its own side open', async () => {
    const { port } = await open();
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    const ended = new Promise((resolve) => socket.once('end', resolve));
    socket.resume().write(CONNECT);
    await ended;
    await expect.poll(() => [socket.write('more'), socket.destroyed].at(-1)).toBe(true);
  });
});

describe('a body', () => {
  const head = (more: string) => `POST /v1/events HTTP/1.1\r\nHost: localhost\r\n${more}\r\n\r\n`;

  test('is not asked for, and not waited for, without a valid key', async () => {
    const { port } = await open();
    for (const more of [
      'Content-Length: 100',
      'Content-Length: 100\r\nExpect: 100-continue',
      'Content-Length: 900000',
    ]) {
      const connection = new RawConnection(port);
      connection.write(head(more));
      expect(await connection.received(/\}$/)).toMatch(/^HTTP\/1\.1 401 /);
      await connection.closed();
    }
  });

  test('is asked for with one, and too large only with one', async () => {
    const { port } = await open();
    const connection = new RawConnection(port);
    const key = `Authorization: Bearer ${ACME_KEY}\r\n`;
    connection.write(head(`${key}Content-Length: 2\r\nExpect: 100-continue`));
    await connection.received(/^HTTP\/1\.1 100 Continue/);
    connection.destroy();
    const large = new RawConnection(port);
    large.write(head(`${key}Content-Length: 900000`));
    expect(await large.received(/\}$/)).toMatch(/^HTTP\/1\.1 413 /);
    large.destroy();
  });
});

describe('a slow client loses its connection in the time that the limits say', () => {
  const QUICK = { headersMs: 200, requestMs: 400, checkMs: 50 };

  test('the limits', () => {
    expect(CONNECTION_LIMITS).toMatchObject({ headersMs: 30_000, requestMs: 30_000, checkMs: 1000 });
  });

  test.each([
    ['nothing at all', ''],
    ['half of the headers', 'GET /v1/health HTTP/1.1\r\nHost: loc'],
    [
      'half of a body',
      `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ACME_KEY}\r\nContent-Length: 9\r\n\r\n{`,
    ],
  ])('that sends %s', async (_, sent) => {
    const { port } = await open({ limits: QUICK });
    const connection = new RawConnection(port);
    connection.write(sent);
    expect(await connection.received(/request-timeout/)).toMatch(/HTTP\/1\.1 408 /);
    await connection.closed();
    expect(codes()).toContain('request-timeout');
  });

  test('that does not read', async () => {
    const handle = async (): Promise<ApiResponse> => ({ status: 200, headers: {}, body: 'x'.repeat(20_000_000) });
    const { port } = await open({ limits: { ...QUICK, stalledMs: 400 }, api: { ...fixture.api, handle } });
    const socket = connect(port, '127.0.0.1').pause();
    let received = 0;
    socket.on('error', () => {}).write(HEALTH);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    socket.on('data', (bytes: Buffer) => (received += bytes.length)).resume();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toBeLessThan(20_000_000);
  });
});

test('past the cap, the connection that has been idle for the longest is closed, and none at work', async () => {
  const gate = Promise.withResolvers<ApiResponse>();
  const { port } = await open({ limits: { connections: 3 }, api: { ...fixture.api, handle: () => gate.promise } });
  const working = new RawConnection(port);
  working.write(HEALTH);
  await working.opened();
  const [oldest, newer] = [new RawConnection(port), new RawConnection(port)];
  await oldest.opened();
  await newer.opened();
  const late = new RawConnection(port);
  await oldest.closed();
  for (const connection of [newer, late]) connection.write(HEALTH);
  gate.resolve({ status: 200, headers: {}, body: 'served' });
  for (const connection of [working, newer, late]) {
    await connection.received(/served/);
    connection.destroy();
  }
});

describe('the Host of a request', () => {
  const statusOf = async (port: number, host: string, path = '/v1/health') => {
    const connection = new RawConnection(port);
    connection.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const answer = await connection.received(/\}$/);
    connection.destroy();
    return [Number(answer.slice(9, 12)), /problems\/([a-z-]+)/.exec(answer)?.[1]];
  };

  test.each([
    'localhost',
    'LOCALHOST:8080',
    '127.0.0.1:1',
    '[::1]:8080',
    '10.1.2.3',
    'hooks.example',
    'Hooks.Example:80',
  ])('%s is this service', async (host) => {
    const { port } = await open({ publicHosts: ['hooks.example'] });
    expect(await statusOf(port, host)).toEqual([200, undefined]);
  });

  test.each(['attacker.example', 'hooks.example', 'localhost.attacker.example', '127.0.0.1.nip.example', 'intranet'])(
    '%s is not: a web page could have any name point here',
    async (host) => {
      const { port } = await open();
      expect(await statusOf(port, host)).toEqual([421, 'wrong-host']);
    },
  );

  test.each(['me@attacker.example', 'attacker.example/x', 'attacker.example:', 'ü.example', '1.2.3.4.5', 'xn--a'])(
    '%s is none at all, and is refused like other broken requests, whatever the path',
    async (host) => {
      const { port } = await open();
      for (const path of ['/v1/health', '/v1/endpoints/x', '/v1/endpoints?limit=1']) {
        expect(await statusOf(port, host, path), path).toEqual([400, 'malformed-request']);
      }
    },
  );
});

describe('with a certificate and its key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'postrider-tls-'));
    writeFileSync(join(folder, 'cert.pem'), CERTIFICATE.cert);
    writeFileSync(join(folder, 'key.pem'), CERTIFICATE.key);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('it is served over HTTPS', async () => {
    const { url } = await open({ tls: TLS });
    expect(url).toMatch(/^https:\/\//);
    const status = await new Promise((resolve, reject) => {
      const options = { ca: CERTIFICATE.cert, servername: 'localhost' };
      https.get(`${url}/v1/health`, options, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    expect(status).toBe(200);
  });

  test('a client that speaks plain HTTP, or says nothing, is cut off and harms nobody', async () => {
    const { port } = await open({ tls: TLS, limits: { handshakeMs: 200 } });
    for (const sent of [HEALTH, '']) {
      const connection = new RawConnection(port);
      connection.write(sent);
      await connection.closed();
    }
  });

  test('files that are missing, no PEM, or not a pair are named in one line', async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    expect(await readTls({})).toBeUndefined();
    expect(await readTls({ tlsCert: cert, tlsKey: key })).toMatchObject({ key: TLS.key });
    await expect(readTls({ tlsCert: cert })).rejects.toThrow('HTTPS needs both --tls-cert and --tls-key');
    await expect(readTls({ tlsCert: cert, tlsKey: `${key}x` })).rejects.toThrow(/key\.pemx can't be used \(ENOENT\)/);
    await expect(readTls({ tlsCert: key, tlsKey: key })).rejects.toThrow(/key\.pem can't be used/);
    await expect(readTls({ tlsCert: cert, tlsKey: cert })).rejects.toThrow(/cert\.pem can't be used/);
  });
});
