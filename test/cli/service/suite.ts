import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Backend, RunningBackend } from '../../e2e/backend.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { postrider } from '../fake-terminal.ts';

/** The command line against a whole service. */
export function describeCli(backend: Backend): void {
  describe(`the command line, ${backend.name}`, () => {
    let service: RunningBackend;
    let receiver: Receiver;
    let status = 200;
    beforeAll(async () => {
      service = await backend.start();
      receiver = await Receiver.start(() => status, service.receiverPlace);
    }, 60_000);
    afterAll(async () => {
      await receiver.stop();
      await service.stop();
    });

    const env = (tenant = 'acme') => ({
      POSTRIDER_URL: service.url,
      POSTRIDER_API_KEY: service.apiKey,
      POSTRIDER_TENANT: tenant,
    });
    /** What a command answers, as JSON. */
    async function answered(...args: string[]) {
      const { code, stdout, stderr } = await postrider([...args, '-o', 'json'], { env: env() });
      expect(code, `${args.join(' ')}: ${stderr}`).toBe(0);
      return stdout === '' ? undefined : JSON.parse(stdout);
    }
    async function deliveryOf(event: { id: string }, wanted: string) {
      const list = () => answered('events', 'deliveries', event.id);
      const isThere = async () => (await list())[0]?.status === wanted;
      await vi.waitUntil(isThere, { timeout: 20_000, interval: 100 });
      return (await list())[0];
    }

    test('an endpoint is made, gets an event, and the delivery is shown', { timeout: 60_000 }, async () => {
      status = 200;
      const endpoint = await answered('endpoints', 'create', '--url', receiver.url, '--events', 'task.*,agent.*');
      expect(endpoint).toMatchObject({
        events: ['task.*', 'agent.*'],
        signing_secret: expect.stringMatching(/^whsec_/),
      });
      const event = await answered('events', 'post', '--type', 'task.completed', '--data', '{"id": "TASK-001"}');
      const delivery = await deliveryOf(event, 'delivered');
      expect(await answered('deliveries', 'get', delivery.id)).toMatchObject({ attempts: [{ status_code: 200 }] });
      const { stdout } = await postrider(['deliveries', 'list', '--status', 'delivered'], { env: env() });
      expect(stdout).toMatch(new RegExp(`^${delivery.id} +delivered +200 +task.completed `, 'm'));
      await answered('endpoints', 'delete', endpoint.id, '--yes');
      expect(await answered('endpoints', 'list')).toEqual([]);
    });

    test('the same idempotency key is the same event', async () => {
      const post = () => answered('events', 'post', '--type', 'a.b', '--data', '1', '--idempotency-key', 'order-1');
      expect((await post()).id).toBe((await post()).id);
    });

    test('a dead delivery is found and retried', { timeout: 60_000 }, async () => {
      status = 500;
      const retry = ['--retry', '{"delays": []}'];
      await answered('endpoints', 'create', '--url', receiver.url, '--events', 'order.*', ...retry);
      const event = await answered('events', 'post', '--type', 'order.paid', '--data', '{}');
      const dead = await deliveryOf(event, 'exhausted');
      status = 200;
      const again = await answered('deliveries', 'retry', dead.id);
      const isDelivered = async () => (await answered('deliveries', 'get', again.id)).status === 'delivered';
      await vi.waitUntil(isDelivered, { timeout: 20_000, interval: 100 });
    });

    test('a dry run of a replay counts what the replay then sends', { timeout: 60_000 }, async () => {
      status = 200;
      await answered('event-types', 'create', '--type', 'stock.low', '--description', 'x', '--category', 'Stock');
      const about = ['--events', '@Stock,bill.*', '--project-id', 'p1', '--filter', '{"n": {"$gte": 2}}'];
      const post = (type: string, n: number, project: string) =>
        answered('events', 'post', '--type', type, '--data', `{"n": ${n}}`, '--project', `{"id": "${project}"}`);
      for (const type of ['stock.low', 'bill.paid', 'bill.sent', 'other.type'])
        for (const n of [1, 2, 3]) for (const project of ['p1', 'p2']) await post(type, n, project);
      const { id } = await answered('endpoints', 'create', '--url', receiver.url, ...about);
      const replay = ['replay', id, '--since', '1h'];
      expect(await answered(...replay, '--dry-run')).toEqual([
        { type: 'bill.paid', events: 2 },
        { type: 'bill.sent', events: 2 },
        { type: 'stock.low', events: 2 },
      ]);
      expect(await answered(...replay, '--dry-run', '--type', 'bill.paid')).toEqual([{ type: 'bill.paid', events: 2 }]);
      expect(await answered('deliveries', 'list', '--endpoint-id', id)).toEqual([]);
      expect(await answered(...replay, '--wait')).toMatchObject({ status: 'done', processed: 6 });
      expect(await answered('deliveries', 'list', '--endpoint-id', id)).toHaveLength(6);
    });

    test('all dead deliveries of an endpoint are retried by their conditions', { timeout: 60_000 }, async () => {
      status = 500;
      const about = ['--url', receiver.url, '--events', 'dead.*', '--retry', '{"delays": []}'];
      const { id } = await answered('endpoints', 'create', ...about);
      const events = [];
      for (const n of [1, 2]) events.push(await answered('events', 'post', '--type', 'dead.one', '--data', `${n}`));
      for (const event of events) await deliveryOf(event, 'exhausted');
      status = 200;
      const conditions = ['--endpoint', id, '--status', 'exhausted', '--since', '1h'];
      expect(await answered('retry', ...conditions, '--wait')).toMatchObject({ status: 'done', processed: 2 });
      const delivered = () => answered('deliveries', 'list', '--endpoint-id', id, '--status', 'delivered');
      await vi.waitUntil(async () => (await delivered()).length === 2, { timeout: 20_000, interval: 100 });
      const again = await answered('retry', ...(await delivered()).map((one: { id: string }) => one.id));
      expect(again).toHaveLength(2);
    });

    test('smoke passes every step and leaves no endpoint', { timeout: 60_000 }, async () => {
      status = 200;
      const { code, stdout } = await postrider(['smoke', '--receiver-url', receiver.url], { env: env('smoked') });
      expect(code, stdout).toBe(0);
      expect(stdout.match(/^ok /gm)).toHaveLength(9);
      const left = await postrider(['endpoints', 'list', '-o', 'json'], { env: env('smoked') });
      expect(left.stdout).toBe('[]\n');
    });

    test('inspect answers what waits and who fails, for people and for programs', async () => {
      expect(await answered('inspect', 'retries')).toMatchObject({ counts: expect.any(Object) });
      expect(await answered('inspect', 'failing')).toMatchObject({ next_cursor: null });
      const { stdout } = await postrider(['inspect', 'dead-letters'], { env: env() });
      expect(stdout).toMatch(/^in poison +\d+$/m);
    });

    test('doctor finds nothing wrong', async () => {
      const { code, stdout } = await postrider(['doctor'], { env: env() });
      expect(code, stdout).toBe(0);
      expect(stdout.match(/^ok /gm)).toHaveLength(5);
    });

    test('doctor says what is wrong with a key, and with a clock', async () => {
      const wrong = { ...env(), POSTRIDER_API_KEY: 'prk_wrong' };
      const { code, stdout } = await postrider(['doctor'], { env: wrong, now: Date.now() - 600_000 });
      expect(code).toBe(1);
      expect(stdout).toMatch(/^FAILED {3}the clocks agree \(This clock is (599|600|601) s behind the service/m);
      expect(stdout).toMatch(/^FAILED {3}the key is good \(.*401 unauthorized/m);
    });

    test('what is not there, and what is refused, ends with its code', async () => {
      expect(await postrider(['events', 'get', 'evt_none'], { env: env() })).toMatchObject({ code: 4, stdout: '' });
      const refused = await postrider(['endpoints', 'create', '--url', 'x', '--events', 'a'], { env: env() });
      expect(refused).toMatchObject({ code: 5, stdout: '' });
      expect(refused.stderr).toMatch(/^postrider: `url`: .* \(422 invalid-request, request \S+\)\n$/);
    });
  });
}
