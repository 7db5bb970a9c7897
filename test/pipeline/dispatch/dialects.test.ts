import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { createEndpoint } from '../../../lib/pipeline/endpoints/create.ts';
import { sealSecret } from '../../../lib/pipeline/delivery/secrets.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const statusOf = async (world: World, { id }: Endpoint) => (await world.store.endpoints.get(TENANT, id))?.status;
const hex = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

describe('the breaker’s rule is the dialect’s', () => {
  test('veriswarm: the tenth failure in a row pauses it at once, 429s count, and only a person resumes it', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering([...Array.from({ length: 10 }, () => 429), 200], {
      dialect: 'veriswarm',
    });
    for (let sent = 0; sent < 9; sent += 1) await post();
    await world.drain(process);
    expect(await statusOf(world, endpoint)).toBe('active');
    await post();
    await world.drain(process);
    expect(await statusOf(world, endpoint)).toBe('paused');
    await world.run(process, DAY);
    expect(await statusOf(world, endpoint)).toBe('paused');
    expect(world.customers.at(endpoint.url)).toHaveLength(10);
  });

  test('standard: a burst of failures pauses nothing, and 429s do not count', async ({ world, process, post }) => {
    const failing = await world.endpointAnswering(500, { retry: { delays: [] } });
    const limited = await world.endpointAnswering(429, { retry: { delays: [] } });
    for (let sent = 0; sent < 20; sent += 1) await post();
    await world.drain(process);
    expect(await statusOf(world, failing)).toBe('active');
    await world.clock.advance(2 * MINUTE);
    await post();
    await world.drain(process);
    expect(await statusOf(world, failing)).toBe('paused');
    expect(await statusOf(world, limited)).toBe('active');
  });

  test.for(['vem', 'vellum', 'ventryx'])(
    '%s: it makes every attempt of the schedule, unless its owner switches the breaker on',
    async (dialect, { world, process, post }) => {
      const promised = await world.endpointAnswering(500, { dialect, retry: { delays: [] } });
      const watched = await world.endpointAnswering(500, { dialect, retry: { delays: [] }, circuitBreaker: true });
      for (let sent = 0; sent < 12; sent += 1) {
        await post();
        await world.drain(process);
        await world.clock.advance(MINUTE);
      }
      expect(await statusOf(world, promised)).toBe('active');
      expect(world.customers.at(promised.url)).toHaveLength(12);
      expect(await statusOf(world, watched)).toBe('paused');
      expect(world.customers.at(watched.url)).toHaveLength(10);
    },
  );

  test('standard: an owner can switch it off', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(500, { retry: { delays: [] }, circuitBreaker: false });
    for (let sent = 0; sent < 12; sent += 1) {
      await post();
      await world.drain(process);
      await world.clock.advance(MINUTE);
    }
    expect(await statusOf(world, endpoint)).toBe('active');
  });

  test('a 410 disables an endpoint of the dialect standard, and is a failure like any other in the rest', async ({
    world,
    process,
    post,
  }) => {
    const endpoints = await Promise.all(
      ['standard', 'vem', 'veriswarm', 'vellum', 'ventryx', 'slack', 'discord'].map((dialect) =>
        world.endpointAnswering(410, { dialect }),
      ),
    );
    await post();
    await world.drain(process);
    const statuses = await Promise.all(endpoints.map((endpoint) => statusOf(world, endpoint)));
    expect(statuses).toEqual(['disabled', ...Array.from({ length: 6 }, () => 'active')]);
  });
});

describe('retries', () => {
  test.for([
    ['vem', 'x-webhook-delivery', undefined, 4],
    ['veriswarm', 'x-veriswarm-delivery-id', 'x-veriswarm-timestamp', 4],
    ['ventryx', 'ventryx-delivery', undefined, 5],
  ] as const)(
    '%s: every attempt has the same id and the same body, and a timestamp of its own',
    async ([dialect, id, timestamp, attempts], { world, process, post }) => {
      const { url } = await world.endpointAnswering(500, { dialect });
      await post();
      await world.run(process, DAY);
      const received = world.customers.at(url);
      expect(received).toHaveLength(attempts);
      expect(new Set(received.map(({ headers }) => headers[id])).size).toBe(1);
      expect(received[0]?.headers[id]).toMatch(/^del_/);
      expect(new Set(received.map(({ body }) => body)).size).toBe(1);
      if (timestamp) expect(new Set(received.map(({ headers }) => headers[timestamp])).size).toBe(attempts);
    },
  );

  test('discord: the wait that a 429 asks for in its body is honoured, and no more of the body is kept than asked', async ({
    world,
    process,
    post,
  }) => {
    const { customers } = world;
    const { url } = await world.endpointAnswering([429, 200], { dialect: 'discord', retry: { delays: [1] } });
    const send = customers.send.bind(customers);
    const asked: number[] = [];
    customers.send = async (request) => {
      asked.push(request.maxResponseBytes);
      const answer = await send(request);
      const body = Buffer.from('{"message":"You are being rate limited.","retry_after":119.2,"global":false}');
      return answer.kind === 'answer' && answer.statusCode === 429 ? { ...answer, body } : answer;
    };
    await post();
    await world.run(process, HOUR);
    const [first, second] = customers.at(url);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(120_000);
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(1024);
  });
});

describe('secrets', () => {
  /** Replaces the secrets of an endpoint, as a rotation does. */
  async function setSecrets(world: World, endpoint: Endpoint, secrets: { text: string; from?: number; to?: number }[]) {
    const now = world.clock.now();
    const sealed = await Promise.all(
      secrets.map(async ({ text, from, to }) => ({
        ...(await sealSecret(world.ports.secrets, endpoint, text, now)),
        ...(from !== undefined && { activatesAt: from }),
        ...(to !== undefined && { expiresAt: to }),
      })),
    );
    const generation = endpoint.generation + 1;
    await world.store.endpoints.replaceIfGeneration({ ...endpoint, generation, secrets: sealed }, endpoint.generation);
  }

  test('a new secret signs from the moment that it was set to, and until then the old one does', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200, { dialect: 'vem', signingSecret: 'old' });
    const moment = world.clock.now() + HOUR;
    await setSecrets(world, endpoint, [
      { text: 'new', from: moment },
      { text: 'old', to: moment },
    ]);
    await post();
    await world.drain(process);
    await world.clock.advance(HOUR);
    await post();
    await world.drain(process);
    const [before, after] = world.customers.at(endpoint.url);
    expect(before?.headers['x-webhook-signature']).toBe(`sha256=${hex('old', before?.body ?? '')}`);
    expect(after?.headers['x-webhook-signature']).toBe(`sha256=${hex('new', after?.body ?? '')}`);
  });

  test('standard signs with both secrets while both are in force', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200);
    const [next, last] = ['next', 'last'].map((text) => `whsec_${Buffer.from(text.repeat(6)).toString('base64')}`);
    await setSecrets(world, endpoint, [{ text: next ?? '' }, { text: last ?? '', to: world.clock.now() + HOUR }]);
    await post();
    await world.drain(process);
    await world.clock.advance(HOUR);
    await post();
    await world.drain(process);
    const signatures = world.customers.at(endpoint.url).map(({ headers }) => headers['webhook-signature']?.split(' '));
    expect(signatures.map((each) => each?.length)).toEqual([2, 1]);
  });

  test.for([
    ['my own secret', true],
    [undefined, false],
  ] as const)(
    'vellum: with the secret %s, requests are signed: %s',
    async ([signingSecret, signed], { world, process, post }) => {
      const { url } = await world.endpointAnswering(200, {
        dialect: 'vellum',
        ...(signingSecret && { signingSecret }),
      });
      await post('metric.execution.fulfilled');
      await world.drain(process);
      const [{ headers, body } = { headers: {} as Record<string, string>, body: '' }] = world.customers.at(url);
      expect('x-vellum-timestamp' in headers).toBe(signed);
      const content = `${headers['x-vellum-timestamp']}\nPOST\n${url}\n${body}`;
      expect(headers['x-vellum-signature']).toBe(signed ? hex('my own secret', content) : undefined);
    },
  );
});

describe('also_standard: the headers of Standard Webhooks stand beside the dialect’s own', () => {
  const input = { events: ['*'], timeoutSeconds: 10, alsoStandard: true };

  test.for([
    ['vem', 'x-webhook-signature', 'my own secret'],
    ['veriswarm', 'x-veriswarm-signature', undefined],
    ['ventryx', 'ventryx-signature', undefined],
    ['vellum', undefined, undefined],
  ] as const)('%s', async ([dialect, header, own], { world, process, post }) => {
    const url = world.customers.open(dialect, () => 200);
    const created = await createEndpoint(
      world.ports,
      TENANT,
      { ...input, url, dialect, ...(own && { signingSecret: own }) },
      10,
    );
    expect(created.standardSecret !== undefined).toBe(own !== undefined);
    await post();
    await world.drain(process);
    const [{ headers, body } = { headers: {}, body: '' }] = world.customers.at(url);
    if (header) expect(headers).toHaveProperty([header]);
    const webhook = new Webhook(created.standardSecret ?? created.signingSecret);
    // Its clock is the machine's, the world's is virtual: the signature is compared, not the timestamp.
    const signedAt = new Date(Number(headers['webhook-timestamp' as never]) * 1000);
    const { 'webhook-id': id = '', 'webhook-signature': signature } = headers as Record<string, string>;
    expect(webhook.sign(id, signedAt, body)).toBe(signature);
    expect(id).toMatch(/^evt_/);
  });

  test('it changes nothing of the dialect standard', async ({ world, process, post }) => {
    const both = await Promise.all([true, false].map((alsoStandard) => world.endpointAnswering(200, { alsoStandard })));
    await post();
    await world.drain(process);
    const names = both.map(({ url }) => Object.keys(world.customers.at(url)[0]?.headers ?? {}));
    expect(names[0]).toEqual(names[1]);
    expect(names[0]?.length).toBeGreaterThan(3);
  });
});

describe('vellum: a type with two names is one type', () => {
  const [ONE, OTHER] = ['workflow.usage_calculation.fulfilled', 'workflow_execution.usage_calculation.fulfilled'];

  test.for([
    [[ONE]],
    [[OTHER]],
    [['workflow.*']],
    [['workflow_execution.*']],
    [['workflow_execution.usage_calculation.*']],
    [['*']],
  ] as const)('who subscribes to %s gets it under either name, once', async ([events], { world, process, post }) => {
    const { url } = await world.endpointAnswering(200, { dialect: 'vellum', events: [...events] });
    await post(ONE);
    await post(OTHER);
    await world.drain(process);
    const names = world.customers.at(url).map(({ body }) => (JSON.parse(body) as { name: string }).name);
    expect(names).toEqual([ONE, ONE]);
  });

  test('the subscription is shown as it was given, and other dialects know nothing of other names', async ({
    world,
    process,
    post,
  }) => {
    const vellum = await world.endpointAnswering(200, { dialect: 'vellum', events: [OTHER] });
    const standard = await world.endpointAnswering(200, { events: [OTHER] });
    await post(ONE);
    await world.drain(process);
    expect((await world.store.endpoints.get(TENANT, vellum.id))?.events).toEqual([OTHER]);
    expect([vellum, standard].map(({ url }) => world.customers.at(url).length)).toEqual([1, 0]);
  });
});
