import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApiClient } from '../../../lib/local/demo/api-client.ts';
import { StartedProcess } from '../started-process.ts';

let folder: string;
let data: string;
let processes: StartedProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-start-'));
  data = join(folder, 'data');
  processes = [];
});

afterEach(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  rmSync(folder, { recursive: true });
});

function run(args: readonly string[], nodeArgs: readonly string[] = []): StartedProcess {
  const started = new StartedProcess(args, nodeArgs);
  processes.push(started);
  return started;
}

const start = (...more: string[]) => run(['--port', '0', '--data', data, ...more]);

async function stop(started: StartedProcess): Promise<number | null> {
  started.signal('SIGINT');
  return started.exited;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Exit code 1, and one line that matches. */
async function expectRefusal(started: StartedProcess, line: RegExp): Promise<void> {
  expect(await started.exited).toBe(1);
  expect(started.stderr).toMatch(line);
  expect(started.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(started.stdout).toBe('');
}

describe('npm start on an empty folder', () => {
  test('shows a first delivery, signed and verified, and what to try next', async () => {
    const started = start();
    await started.printed(/delivered 200/);
    const [, url] = await started.printed(/API +(http:\/\/127\.0\.0\.1:\d+)\/v1/);
    const [, key] = await started.printed(/Key +(prk_\S+)/);
    expect(url).not.toMatch(/:0$/);
    expect(started.stdout).toMatch(/webhook-id: evt_[0-9A-Z]{26}\n/);
    expect(started.stdout).toMatch(/webhook-signature: v1,\S{44}\n/);
    expect(started.stdout).toContain('{"type":"demo.hello"');
    expect(started.stdout).toContain('✓ verified');
    expect(started.stdout).toContain(`curl ${url}/v1/events`);
    expect(started.stdout).toContain(`-H 'Authorization: Bearer ${key}'`);
    const screen = started.stdout.slice(0, started.stdout.indexOf('Ctrl-C')).split('\n');
    expect(screen.length).toBeLessThanOrEqual(35);
    expect(Math.max(...screen.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('stays up, shows each attempt, and ends with 0 at a Ctrl-C', async () => {
    const started = start();
    const [, url = ''] = await started.printed(/API +(\S+)\/v1/);
    const [, apiKey = ''] = await started.printed(/Key +(\S+)/);
    await createApiClient({ url, apiKey }).post('/v1/events', { type: 'task.completed', data: {} });
    await started.printed(/task\.completed +delivered 200 +\d+ ms/);
    expect(await stop(started)).toBe(0);
    expect(started.stdout).toContain('Finishing the requests in flight…');
    expect(started.stderr).toBe('');
  });

  test('waits for a response at the first Ctrl-C, and ends at once at the second', async () => {
    const asked = Promise.withResolvers<void>();
    const silent = createServer((socket) => socket.once('data', () => asked.resolve())).listen(0, '127.0.0.1');
    try {
      await once(silent, 'listening');
      const started = start('--no-demo');
      const [, url = ''] = await started.printed(/API +(\S+)\/v1/);
      const [, apiKey = ''] = await started.printed(/Key +(\S+)/);
      const api = createApiClient({ url, apiKey });
      await api.post('/v1/endpoints', { url: `http://127.0.0.1:${portOf(silent)}/`, events: ['*'] });
      await api.post('/v1/events', { type: 'task.completed', data: {} });
      await asked.promise;
      started.signal('SIGINT');
      await started.printed(/Finishing the requests in flight…/);
      const early = await Promise.race([started.exited, sleep(1000, 'still at work')]);
      expect(early).toBe('still at work');
      started.signal('SIGINT');
      expect(await started.exited).toBe(130);
    } finally {
      silent.close();
    }
  });

  test('has the same key at the next start, and makes no second demo', async () => {
    const first = start();
    const [, key] = await first.printed(/Key +(\S+)/);
    await first.printed(/delivered 200/);
    await stop(first);
    const second = start();
    await second.printed(/Ctrl-C/);
    expect(second.stdout).toContain(`Key      ${key}`);
    expect(second.stdout).not.toContain('demo.hello');
    expect(second.stdout).toContain('curl ');
  });

  test('holds tenants to what --unknown-types and --max-api-keys say, and sends no demo event that is refused', async () => {
    const started = start('--unknown-types', 'refuse', '--max-api-keys', '1');
    const [, url = ''] = await started.printed(/API +(http:\S+)\/v1/);
    const [, apiKey = ''] = await started.printed(/Key +(prk_\S+)/);
    await started.printed(/Ctrl-C/);
    const api = createApiClient({ url, apiKey });
    await expect(api.post('/v1/events', { type: 'task.done', data: {} })).rejects.toThrow('not in the catalogue');
    await api.post('/v1/api-keys', { name: 'first' });
    await expect(api.post('/v1/api-keys', { name: 'second' })).rejects.toThrow('revoke one');
    expect((await api.get<{ data: unknown[] }>('/v1/events')).data).toEqual([]);
    expect(await stop(started)).toBe(0);
  });

  test('has the dialects of a file at --dialects', async () => {
    const file = join(folder, 'dialects.json');
    writeFileSync(file, '{"acme":{"envelope":"data","headers":[{"name":"Acme-Kind","value":"{type}"}]}}');
    const started = start('--no-demo', '--dialects', file);
    const [, url = ''] = await started.printed(/API +(\S+)\/v1/);
    const [, apiKey = ''] = await started.printed(/Key +(\S+)/);
    const shown = await createApiClient({ url, apiKey }).post('/v1/dialects/acme/preview', { type: 'a.b', data: [1] });
    expect(shown).toMatchObject({ dialect: 'acme', headers: { 'acme-kind': 'a.b' }, body: '[1]' });
  });

  test('does without the demo at --no-demo', async () => {
    const started = start('--no-demo');
    await started.printed(/Ctrl-C/);
    expect(started.stdout).not.toContain('webhook-id');
  });

  test('prints one JSON object a line at --json', async () => {
    const started = start('--json');
    await started.printed(/demo\.received/);
    expect(await stop(started)).toBe(0);
    const lines = started.stdout.trimEnd().split('\n');
    const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects[0]).toMatchObject({ event: 'service.started', api_key: expect.stringMatching(/^prk_/) });
    expect(objects.find(({ event }) => event === 'demo.received')).toMatchObject({ verified: true });
    expect(objects.find(({ event }) => event === 'dispatch.attempt')).toMatchObject({ status: 'delivered' });
  });

  test('logs the key at the first start of a folder only', async () => {
    for (const isFirst of [true, false]) {
      const started = start('--json', '--no-demo');
      await started.printed(/service\.started/);
      await stop(started);
      expect(started.stdout.includes('prk_')).toBe(isFirst);
    }
  });
});

describe('npm start for others than this machine', () => {
  const register = async (started: StartedProcess, endpointUrl: string) => {
    const [, url = ''] = await started.printed(/API +(\S+)\/v1/);
    const [, apiKey = ''] = await started.printed(/Key +(\S+)/);
    return fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/v1/endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: endpointUrl, events: ['*'] }),
    });
  };

  test('refuses what a deployment refuses: this machine, and plain HTTP', async () => {
    const started = start('--host', '0.0.0.0');
    await started.printed(/Ctrl-C/);
    expect(started.stdout).not.toContain('webhook-id');
    expect(started.stdout).toContain('https://example.com/webhooks');
    for (const url of ['http://127.0.0.1:9999/', 'https://localhost/', 'http://example.com/']) {
      expect((await register(started, url)).status, url).toBe(422);
    }
    expect((await register(started, 'https://example.com/')).status).toBe(201);
  });

  test('allows them at --egress local, with a warning', async () => {
    const started = start('--host', '0.0.0.0', '--egress', 'local', '--no-demo');
    await started.printed(/everybody with a key may send requests to this machine/);
    expect((await register(started, 'http://127.0.0.1:9999/')).status).toBe(201);
  });

  test('refuses them for this machine too at --egress strict', async () => {
    const started = start('--egress', 'strict');
    expect((await register(started, 'http://127.0.0.1:9999/')).status).toBe(422);
  });

  test('keeps to the operator’s lists, and says which of them loosen', async () => {
    const started = start(
      '--no-demo',
      '--egress',
      'strict',
      '--allow-cidr',
      '10.1.0.0/16',
      '--refuse-host',
      'example.com',
    );
    await started.printed(/may now reach 10\.1\.0\.0\/16/);
    expect((await register(started, 'https://10.1.2.3/')).status).toBe(201);
    expect((await register(started, 'https://10.2.2.3/')).status).toBe(422);
    expect((await register(started, 'https://hooks.example.com/')).status).toBe(422);
  });
});

describe('npm start says in one line what is wrong, and ends with 1', () => {
  test('when another process is using the folder', async () => {
    const first = start();
    await first.printed(/Ctrl-C/);
    await expectRefusal(start(), /^Another Postrider is using .*: stop it, or choose another folder with --data\.\n$/);
  });

  test('when the port is in use', async () => {
    const server: Server = createServer().listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const port = portOf(server);
      await expectRefusal(run(['--port', String(port), '--data', data]), new RegExp(`^Port ${port} .* is in use: `));
    } finally {
      server.close();
    }
    // Nothing was made, so the start on another port is the first one, with all that it shows.
    expect(existsSync(join(data, 'postrider.db'))).toBe(false);
    await start().printed(/delivered 200/);
  });

  test('when the dialects can’t be read', async () => {
    await expectRefusal(start('--dialects', join(folder, 'none.json')), /none\.json can't be read: ENOENT/);
    const file = join(folder, 'dialects.json');
    writeFileSync(file, '{"acme":{"envelope":"data"},"Acme":{"envelope":[]}}');
    const started = start('--dialects', file);
    expect(await started.exited).toBe(1);
    expect(started.stderr).toContain(`${file}: The dialects can't be used:\n`);
    expect(started.stderr).toContain('  Acme: the name must be lower-case letters');
  });

  test('when the folder can’t be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const refused = run(['--port', '0', '--data', join(file, 'x')]);
    await expectRefusal(refused, /^The data folder .*\/file\/x can't be written \(ENOTDIR\): choose another one/);
  });

  test('when the folder lies where nobody can make one', { timeout: 10_000 }, async () => {
    const refused = run(['--port', '0', '--data', '/proc/nope/data']);
    await expectRefusal(refused, /^The data folder \/proc\/nope\/data can't be written \(ENOENT\): choose another one/);
  });

  test('when the port is not a port', async () => {
    await expectRefusal(
      run(['--port', '80800', '--data', data]),
      /'80800' is invalid\. A port is a number from 0 to 65535/,
    );
  });

  test('when a list of networks, ports or hosts can’t be read', async () => {
    await expectRefusal(start('--refuse-cidr', '10.0.0.0'), /^"10\.0\.0\.0" is not a network: write it like /);
    await expectRefusal(start('--allow-port', 'https'), /^"https" is not a port: write one like 443, /);
    await expectRefusal(start('--allow-cidr', '169.254.0.0/16'), /^169\.254\.0\.0\/16 can't be allowed: /);
    await expectRefusal(start('--egress', 'none'), /Allowed choices are strict, local/);
  });

  test('when a limit or a policy is none', async () => {
    await expectRefusal(start('--max-api-keys', '0'), /It must be a whole number from 1 on/);
    await expectRefusal(start('--workers', '17'), /Give a whole number from 0 to 16/);
    await expectRefusal(start('--data-check', 'maybe'), /Allowed choices are off, warn, refuse/);
  });

  test('when a TLS file is missing', async () => {
    await expectRefusal(start('--tls-cert', join(folder, 'nope')), /^HTTPS needs both --tls-cert and --tls-key/);
  });

  test('when the address is not one of this machine', async () => {
    await expectRefusal(start('--host', '192.0.2.1'), /^Can't listen on port 0 of 192\.0\.2\.1 .*--host\.\n$/);
  });

  test('when the key file can’t be read, is open to others, or is broken', async () => {
    mkdirSync(data);
    mkdirSync(join(data, 'key'), { mode: 0o700 });
    await expectRefusal(start(), /^The key file .*\/key can't be read \(EISDIR\)/);
    rmSync(join(data, 'key'), { recursive: true });
    writeFileSync(join(data, 'key'), 'broken\n', { mode: 0o600 });
    await expectRefusal(start(), /^The key file .*\/key must contain 32 bytes/);
    chmodSync(join(data, 'key'), 0o644);
    await expectRefusal(start(), /^Others can read the key file .*: run "chmod 600 /);
  });

  test('when the data is not Postrider’s', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'postrider.db'), 'This is not a database at all. '.repeat(100));
    await expectRefusal(start(), /^The data in .* can't be opened \(file is not a database\)/);
  });

  test('when Node is too old', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})';
    const refused = run(['--data', data], ['--import', older]);
    await expectRefusal(refused, /^Postrider needs Node 24, .*npm ci/);
  });
});
