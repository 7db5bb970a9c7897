import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service, startService } from '../../lib/local/service/service.ts';
import { aws } from '../e2e/aws.ts';
import { Receiver } from '../e2e/receiver.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { runScript } from './run-script.ts';

let service: Service;
let receiver: Receiver;
let status: number;
beforeAll(async () => {
  service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  receiver = await Receiver.start(() => status);
});
afterAll(async () => {
  await receiver.stop();
  await service.stop();
});

async function smoke(...args: string[]) {
  const { code, stdout } = await runScript('smoke', ['--api', service.url, ...args]);
  const states = stdout.trimEnd().split('\n');
  return { code, stdout, states: states.map((line) => line.split(' ', 1)[0]) };
}

async function endpointsLeft(): Promise<unknown[]> {
  const headers = { authorization: `Bearer ${service.apiKey}`, 'postrider-tenant': 'postrider-smoke' };
  const answer = await fetch(`${service.url}/v1/endpoints`, { headers });
  return ((await answer.json()) as { data: unknown[] }).data;
}

test('a deployment that works passes every step, and keeps no endpoint', async () => {
  status = 200;
  const { code, stdout, states } = await smoke('--key', service.apiKey, '--receiver-url', receiver.url);
  expect(code, stdout).toBe(0);
  expect(states).toEqual(Array.from({ length: 9 }, () => 'ok'));
  expect(stdout).toContain('the event is delivered');
  expect(receiver.arrivals).toHaveLength(1);
  expect(await endpointsLeft()).toEqual([]);
});

test('so does one of the real functions behind a gateway', async () => {
  status = 200;
  const running = await aws.start();
  const target = ['--api', running.url, '--key', running.apiKey, '--receiver-url', receiver.url];
  const { code, stdout } = await runScript('smoke', target).finally(() => running.stop());
  expect(code, stdout).toBe(0);
  expect(stdout).not.toMatch(/^(?:FAILED|skipped)/m);
});

test('without a receiver it says what was not checked', async () => {
  const { code, stdout, states } = await smoke('--key', service.apiKey);
  expect(code, stdout).toBe(0);
  expect(states.filter((state) => state === 'skipped')).toHaveLength(2);
  expect(stdout).toContain('needs --receiver-url');
});

test('a delivery that does not succeed in time fails, and the endpoint goes all the same', async () => {
  status = 500;
  const wait = ['--wait', '1'];
  const { code, stdout } = await smoke('--key', service.apiKey, '--receiver-url', receiver.url, ...wait);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAILED +the event is delivered .*"status_code":500/m);
  expect(await endpointsLeft()).toEqual([]);
});

test('a bad key fails each step that needs it, and the others pass', async () => {
  const { code, states } = await smoke('--key', 'prk_bad');
  expect(code).toBe(1);
  expect(states).toEqual(['ok', 'ok', 'FAILED', 'skipped', 'FAILED', 'skipped']);
});

test('an address where nothing answers is a failure with a reason', async () => {
  const gone = await Receiver.start();
  await gone.stop();
  const { code, stdout } = await runScript('smoke', ['--api', new URL(gone.url).origin, '--key', 'prk_any']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAILED +the service is up .*ECONNREFUSED/m);
});
