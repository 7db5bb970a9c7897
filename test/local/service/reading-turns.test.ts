import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createReadingTurns } from '../../../lib/local/service/reading-turns.ts';
import { startService } from '../../../lib/local/service/service.ts';
import { MemoryLog } from '../../support/memory-log.ts';

it('one tenant’s reads come one after the other, and another’s come in between', async () => {
  const takeTurn = createReadingTurns();
  const order: string[] = [];
  const read = (tenant: string, n: number) => takeTurn(tenant, async () => void order.push(`${tenant}${n}`));
  const greedy = Array.from({ length: 10 }, (_, n) => read('a', n));
  await Promise.all([...greedy, read('b', 0), read('b', 1)]);
  expect(order.slice(0, 4)).toEqual(['a0', 'b0', 'a1', 'b1']);
  expect(order).toHaveLength(12);
});

it('between two reads of a tenant the event loop does what else there is to do', async () => {
  const takeTurn = createReadingTurns();
  const order: string[] = [];
  const reads = [1, 2, 3].map((n) => takeTurn('a', async () => void order.push(`read ${n}`)));
  await setImmediate();
  order.push('something else');
  await Promise.all(reads);
  expect(order.indexOf('something else')).toBeLessThan(2);
});

it('a read that fails is the failure of its caller alone', async () => {
  const takeTurn = createReadingTurns();
  const failing = takeTurn('a', () => Promise.reject(new Error('no')));
  const next = takeTurn('a', async () => 1);
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe(1);
});

it('a tenant that searches through megabytes, again and again, keeps no other from reading', async () => {
  const service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
  const call = async (tenant: string, path: string, body?: object) => {
    const headers = {
      authorization: `Bearer ${service.apiKey}`,
      'postrider-tenant': tenant,
      'content-type': 'application/json',
    };
    const more = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const response = await fetch(service.url + path, { headers, ...more });
    expect(response.ok).toBe(true);
    await response.arrayBuffer();
  };
  const large = { type: 'a.b', data: 'x'.repeat(250_000) };
  await Promise.all(Array.from({ length: 40 }, () => call('greedy', '/v1/events', large)));
  let searched = 0;
  const searches = Array.from({ length: 40 }, () => call('greedy', '/v1/events?type=c').then(() => (searched += 1)));
  await setImmediate();
  await call('other', '/v1/endpoints');
  const before = searched;
  await Promise.all(searches);
  await service.stop();
  expect(before).toBeLessThan(20);
}, 60_000);
