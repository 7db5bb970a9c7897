import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { verify } from '../../../sdk/src/receive/verify.ts';
import { Api } from '../../e2e/api.ts';
import type { Backend, RunningBackend } from '../../e2e/backend.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { postrider } from '../fake-terminal.ts';
import { Running } from './listening.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** `listen`, `trigger` and `tail` against a whole service. */
export function describeListening(backend: Backend): void {
  describe(`commands that go on, ${backend.name}`, () => {
    let service: RunningBackend;
    let receiver: Receiver;
    let status = 200;
    const running: Running[] = [];
    beforeAll(async () => {
      service = await backend.start();
      receiver = await Receiver.start(() => status);
    }, 60_000);
    afterAll(async () => {
      await Promise.all(running.map((one) => one.interrupt()));
      await receiver.stop();
      await service.stop();
    });

    const env = () => ({
      POSTRIDER_URL: service.url,
      POSTRIDER_API_KEY: service.apiKey,
      POSTRIDER_TENANT: 'acme',
    });
    function start(args: readonly string[], tty = false): Running {
      const one = new Running(args, { env: env(), tty });
      running.push(one);
      return one;
    }
    const arrived = (count: number, id: string) =>
      vi.waitUntil(() => receiver.of(id).length >= count, { timeout: 20_000, interval: 20 });

    test(
      'what is posted is forwarded, signed; a retry comes too; then nothing is left',
      { timeout: 60_000 },
      async () => {
        const api = new Api(service, 'acme');
        status = 200;
        const listening = start([
          'listen',
          '-f',
          receiver.url,
          '--events',
          'task.*',
          '--secret',
          SECRET,
          '-o',
          'jsonl',
        ]);
        await listening.sees('Forwarding task.* to');
        const other = await api.post({ type: 'order.paid' });
        const { id } = await api.post({ type: 'task.completed', data: { n: 1 } });
        await arrived(1, id);
        const { headers = {}, body = '' } = receiver.of(id)[0] ?? {};
        expect((await verify({ headers, body }, SECRET)).id).toBe(id);
        await listening.sees('"status_code":200');
        const { delivery_id } = JSON.parse(listening.written.stdout.split('\n')[0] ?? '');
        const isDelivered = async () => (await api.get(`/v1/deliveries/${delivery_id}`)).status === 'delivered';
        await vi.waitUntil(isDelivered, { timeout: 20_000, interval: 50 });
        expect((await api.call('POST', `/v1/deliveries/${delivery_id}/retry`)).status).toBe(202);
        await arrived(2, id);
        expect(receiver.of(other.id)).toEqual([]);
        expect(await listening.interrupt()).toBe(130);
        expect((await api.get('/v1/endpoints')).data).toEqual([]);
      },
    );

    test('a receiver that refuses or is not there is told, and ends nothing', { timeout: 60_000 }, async () => {
      const api = new Api(service, 'acme');
      status = 500;
      const gone = 'http://127.0.0.1:9/nobody';
      const listening = start(['listen', '-f', receiver.url, '--map', `order.*=${gone}`, '-o', 'jsonl']);
      await listening.sees('Forwarding');
      const paid = await api.post({ type: 'order.paid' });
      const done = await api.post({ type: 'task.done' });
      await listening.sees(done.id);
      const lines = listening.written.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.find((one) => one.event_id === paid.id)).toMatchObject({ url: gone, status_code: null });
      expect(lines.find((one) => one.event_id === paid.id).error).toMatch(/ECONNREFUSED|bad port/);
      expect(lines.find((one) => one.event_id === done.id)).toMatchObject({ url: receiver.url, status_code: 500 });
      await listening.interrupt();
    });

    test('at a terminal r sends the last one again, d shows it, q ends', { timeout: 60_000 }, async () => {
      const api = new Api(service, 'acme');
      status = 200;
      const listening = start(['listen', '-f', receiver.url], true);
      await listening.sees('q quit');
      const { id } = await api.post({ type: 'task.completed', data: { n: 1 } });
      await listening.sees(id);
      await vi.waitUntil(
        async () => {
          const { data } = await api.get(`/v1/events/${id}/deliveries`);
          return data[0]?.status === 'delivered';
        },
        { timeout: 20_000, interval: 50 },
      );
      listening.press('r');
      await listening.sees(`${id} is sent again.`);
      await arrived(2, id);
      listening.press('d');
      await listening.sees('webhook-signature: v1,');
      await listening.sees('answered 200 seen');
      listening.press('q');
      expect(await listening.code).toBe(0);
      expect((await api.get('/v1/endpoints')).data).toEqual([]);
    });

    test(
      'an endpoint of one’s own is listened to from where its consumer has come to',
      { timeout: 60_000 },
      async () => {
        const api = new Api(service, 'acme');
        status = 200;
        const { id: endpointId } = await api.endpoint({ kind: 'poll', events: ['*'] });
        const args = ['listen', '--endpoint', endpointId, '-f', receiver.url];
        const first = start(args);
        await first.sees('Forwarding');
        await vi.waitUntil(async () => (await api.get(`/v1/endpoints/${endpointId}/consumers`)).data.length === 1);
        await first.interrupt();
        const { id } = await api.post({ type: 'task.completed' });
        const second = start(args);
        await arrived(1, id);
        await second.interrupt();
        expect((await api.get('/v1/endpoints')).data).toHaveLength(1);
        await api.call('DELETE', `/v1/endpoints/${endpointId}`);
        expect((await postrider([...args, '--secret', SECRET], { env: env() })).code).toBe(2);
      },
    );

    test('trigger posts the example of the catalogue, changed as asked', { timeout: 60_000 }, async () => {
      const api = new Api(service, 'acme');
      const example = { task: { id: 'TASK-1', score: 1 } };
      const made = await api.call('POST', '/v1/event-types', { type: 'task.exemplary', description: 'x', example });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      const args = ['trigger', 'task.exemplary', '--set', 'task.id=TASK-7', '-o', 'json'];
      const { code, stdout, stderr } = await postrider(args, { env: env() });
      expect(code, stderr).toBe(0);
      expect((await api.get(`/v1/events/${JSON.parse(stdout).id}`)).data).toEqual({ task: { id: 'TASK-7', score: 1 } });
      const none = await postrider(['trigger', 'task.unknown'], { env: env() });
      expect(none).toMatchObject({ code: 2, stdout: '' });
      expect(none.stderr).toContain('has no example of task.unknown: pass --data or --set.');
    });

    test('tail shows a delivery and what becomes of it', { timeout: 60_000 }, async () => {
      const api = new Api(service, 'acme');
      status = 500;
      const endpoint = await api.endpoint({ url: receiver.url, events: ['tail.*'], retry: { delays: [3600] } });
      const tailing = start(['tail', '--event-type', 'tail.test', '--json', '--since', '1s']);
      const { id } = await api.post({ type: 'tail.test' });
      await tailing.sees(id);
      status = 200;
      const [delivery] = (await api.call('GET', `/v1/deliveries?event_type=tail.test`)).body.data;
      await api.call('POST', `/v1/deliveries/${delivery.id}/retry`);
      await tailing.sees('"delivered"');
      const rows = tailing.written.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(new Set(rows.map((row) => row.event_id))).toEqual(new Set([id]));
      expect(rows.at(-1)).toMatchObject({ status: 'delivered' });
      expect(await tailing.interrupt()).toBe(130);
      await api.call('DELETE', `/v1/endpoints/${endpoint.id}`);
    });
  });
}
