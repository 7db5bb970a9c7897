import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Handler,
  type ReceiverOptions,
  VerificationError,
  type Webhook,
  fetchHandler,
  seenInMemory,
} from '@postrider/sdk/receive';
import { expressHandler } from '@postrider/sdk/receive/express';
import { fastifyReceiver } from '@postrider/sdk/receive/fastify';
import { honoHandler } from '@postrider/sdk/receive/hono';
import { lambdaHandler } from '@postrider/sdk/receive/lambda';
import { type SignedMessage, newSecret, signedMessage } from '@postrider/sdk/receive/testing';

const SECRET = newSecret();
const EVENT = { type: 'task.completed', data: { title: 'Grüße 😀' } };
const started: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0)) await stop();
});

type Send = (message: SignedMessage) => Promise<{ status: number; body: string; headers: Headers }>;
type Start = (options: ReceiverOptions, handler: Handler<Record<string, unknown>>) => Promise<Send>;

const answerOf = async (response: Response) => ({
  status: response.status,
  body: await response.text(),
  headers: response.headers,
});

const sendTo =
  (port: number): Send =>
  async ({ headers, body }) =>
    answerOf(await fetch(`http://127.0.0.1:${port}/webhooks`, { method: 'POST', headers, body }));

async function listening(server: ReturnType<typeof createServer>): Promise<Send> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.push(() => new Promise((resolve) => server.close(resolve)));
  return sendTo((server.address() as AddressInfo).port);
}

/** Without what Express says on the terminal of each failure. */
function quietExpress() {
  const app = express();
  app.set('env', 'test');
  return app;
}

const honoOf = (app: Hono): Send => {
  app.onError((_, context) => context.body(null, 500));
  return async ({ url, ...init }) => answerOf(await app.request(url, init));
};

const ADAPTERS: Record<string, Start> = {
  express: (options, handler) => {
    const app = quietExpress();
    app.post('/webhooks', expressHandler(options, handler));
    return listening(createServer(app));
  },
  'express with express.raw()': (options, handler) => {
    const app = quietExpress();
    app.post('/webhooks', express.raw({ type: '*/*', limit: '2mb' }), expressHandler(options, handler));
    return listening(createServer(app));
  },
  'express with express.json() for the other routes, registered after it': (options, handler) => {
    const app = quietExpress();
    app.post('/webhooks', expressHandler(options, handler));
    app.use(express.json());
    return listening(createServer(app));
  },
  'express with a JSON parser that keeps the raw body': (options, handler) => {
    const app = quietExpress();
    app.use(express.json({ limit: '2mb', verify: (request, _, body) => Object.assign(request, { rawBody: body }) }));
    app.post('/webhooks', expressHandler(options, handler));
    return listening(createServer(app));
  },
  'node:http': (options, handler) => {
    const handle = expressHandler(options, handler);
    return listening(
      createServer((request, response) => {
        handle(request, response).catch(() => response.writeHead(500).end());
      }),
    );
  },
  fastify: async (options, handler) => {
    const app = fastify();
    app.register(fastifyReceiver('/webhooks', options, handler));
    started.push(() => app.close());
    await app.listen({ host: '127.0.0.1', port: 0 });
    return sendTo((app.server.address() as AddressInfo).port);
  },
  hono: async (options, handler) => {
    const app = new Hono();
    app.post('/webhooks', honoHandler(options, handler));
    return honoOf(app);
  },
  'hono, whose middleware has asked for the JSON': async (options, handler) => {
    const app = new Hono();
    app.use(async (context, next) => {
      await context.req.json().catch(() => undefined);
      await next();
    });
    app.post('/webhooks', honoHandler(options, handler));
    return honoOf(app);
  },
  fetch: async (options, handler) => {
    const handle = fetchHandler(options, handler);
    return async ({ url, ...init }) =>
      answerOf(await handle(new Request(url, init)).catch(() => new Response(null, { status: 500 })));
  },
  lambda: async (options, handler) => lambdaOf(options, handler, false),
  'lambda, with a body in base64': async (options, handler) => lambdaOf(options, handler, true),
};

function lambdaOf(options: ReceiverOptions, handler: Handler<Record<string, unknown>>, isBase64Encoded: boolean): Send {
  const handle = lambdaHandler(options, handler);
  return async ({ headers, body }) => {
    const passed = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
    const failed = { statusCode: 500, headers: {}, body: '' };
    const answer = await handle({ headers, body: passed, isBase64Encoded }).catch(() => failed);
    return { status: answer.statusCode, body: answer.body, headers: new Headers(answer.headers) };
  };
}

describe.each(Object.entries(ADAPTERS))('%s', (_, start) => {
  test('hands a genuine webhook over and answers 204', async () => {
    const got: Webhook[] = [];
    const send = await start({ secrets: [newSecret(), SECRET] }, (webhook) => got.push(webhook));
    const answer = await send(await signedMessage({ ...EVENT, id: 'msg_1' }, { secret: SECRET }));
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(got).toMatchObject([{ id: 'msg_1', ...EVENT }]);
  });

  test('refuses what is not genuine, with its cause, and hands nothing over', async () => {
    const refused: string[] = [];
    const options = { secrets: SECRET, onRefused: ({ code }: VerificationError) => refused.push(code) };
    const send = await start(options, () => expect.fail('it was handed over'));
    const message = await signedMessage(EVENT, { secret: SECRET });
    const forged = await signedMessage(EVENT, { secret: newSecret() });
    const old = await signedMessage(EVENT, { secret: SECRET, sentAt: new Date(Date.now() - 600_000) });
    const unsigned = { ...message, headers: { 'content-type': 'application/json' } };
    const statuses = [];
    for (const one of [forged, old, unsigned]) statuses.push((await send(one)).status);
    expect(statuses).toEqual([401, 401, 400]);
    expect(refused).toEqual(['wrong-signature', 'too-old', 'missing-header']);
  });

  test('a handler that throws is a failure, which the sender tries again', async () => {
    const send = await start({ secrets: SECRET }, () => {
      throw new Error('no room');
    });
    expect((await send(await signedMessage(EVENT, { secret: SECRET }))).status).toBe(500);
  });

  test('what comes twice is handled once', async () => {
    const got: string[] = [];
    const send = await start({ secrets: SECRET, seen: seenInMemory() }, ({ id }) => got.push(id));
    const message = await signedMessage({ ...EVENT, id: 'msg_1' }, { secret: SECRET });
    const answers = await Promise.all([send(message), send(message)]);
    expect([...answers, await send(message)].map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(got).toEqual(['msg_1']);
  });

  test('what another instance is handling has to come again', async () => {
    const seen = { begin: () => 'running' as const, done: () => undefined, failed: () => undefined };
    const send = await start({ secrets: SECRET, seen }, () => expect.fail('it was handed over'));
    const answer = await send(await signedMessage(EVENT, { secret: SECRET }));
    expect(answer).toMatchObject({ status: 409, body: 'running' });
    expect(answer.headers.get('retry-after')).toBe('5');
  });
});

const READING_ITSELF = ['express', 'node:http', 'fastify', 'hono', 'fetch'] as const;

test.each(READING_ITSELF)('%s reads no more of a body than it may', async (name) => {
  const send = await (ADAPTERS[name] as Start)({ secrets: SECRET, maxBytes: 1000 }, () => undefined);
  const fits = await signedMessage({ type: 'a.b', data: 'x'.repeat(800) }, { secret: SECRET });
  const large = await signedMessage({ type: 'a.b', data: 'x'.repeat(1000) }, { secret: SECRET });
  expect([(await send(fits)).status, (await send(large)).status]).toEqual([204, 413]);
});

describe('a body that was parsed before it was verified', () => {
  const failures: unknown[] = [];
  const message = () => signedMessage(EVENT, { secret: SECRET });

  test('in Express, says what to do', async () => {
    failures.length = 0;
    const app = quietExpress();
    app.use(express.json());
    app.post(
      '/webhooks',
      expressHandler({ secrets: SECRET }, () => expect.fail('it was handed over')),
    );
    app.use(((error, _request, response, _next) => {
      failures.push(error);
      response.sendStatus(500);
    }) as express.ErrorRequestHandler);
    const send = await listening(createServer(app));
    expect((await send(await message())).status).toBe(500);
    expect(failures).toMatchObject([
      { name: 'TypeError', message: expect.stringMatching(/no JSON parser have this route/) },
    ]);
  });

  test('in a Fetch handler, says what to do', async () => {
    const handle = fetchHandler({ secrets: SECRET }, () => expect.fail('it was handed over'));
    const { url, ...init } = await message();
    const request = new Request(url, init);
    await request.json();
    await expect(handle(request)).rejects.toThrow(/read before it was verified/);
  });
});

test('Fastify’s other routes keep their JSON', async () => {
  const app = fastify();
  app.register(fastifyReceiver('/webhooks', { secrets: SECRET }, () => undefined));
  app.post('/others', async ({ body }) => ({ parsed: body }));
  const answer = await app.inject({ method: 'POST', url: '/others', payload: { n: 1 } });
  expect(answer.json()).toEqual({ parsed: { n: 1 } });
  await app.close();
});

test('secrets can be asked for at each request', async () => {
  let current = newSecret();
  const send = await (ADAPTERS['fetch'] as Start)({ secrets: async () => current }, () => undefined);
  const message = await signedMessage(EVENT, { secret: SECRET });
  expect((await send(message)).status).toBe(401);
  current = SECRET;
  expect((await send(message)).status).toBe(204);
});

test('Lambda behind a load balancer with headers that are lists', async () => {
  const handle = lambdaHandler({ secrets: SECRET }, () => undefined);
  const { headers, body } = await signedMessage(EVENT, { secret: SECRET });
  const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  expect(await handle({ multiValueHeaders, body, isBase64Encoded: false })).toMatchObject({ statusCode: 204 });
});
