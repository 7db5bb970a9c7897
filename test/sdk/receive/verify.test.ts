import { describe, expect, expectTypeOf, test } from 'vitest';
import { type DialectName, type Webhook, dialects, verify } from '@postrider/sdk/receive';
import type { RenderInput } from '../../../lib/dialects/dialect.ts';
import { goldenInput } from '../../dialects/render-inputs.ts';
import { OLD, OTHER, SECRET, codeOf, sent } from './sent-requests.ts';

const NAMES = Object.keys(dialects) as DialectName[];

describe.each(NAMES)('%s', (dialect) => {
  test('what the service sends is verified, and read the same in every dialect', async () => {
    const { message, options, input } = await sent(dialect);
    const webhook = await verify(message, SECRET, options);
    expect(webhook.type).toBe('task.completed');
    expect(webhook.data).toEqual({ title: 'Grüße 😀', n: 1 });
    expect(Math.floor(webhook.timestamp.getTime() / 1000)).toBe(Math.floor(input.event.acceptedAt / 1000));
    expect(webhook.payload).toEqual(JSON.parse(Buffer.from(message.body).toString()));
  });

  test('the id is the same on every attempt, and another for another event', async () => {
    const idOf = async (more: Partial<RenderInput>) => {
      const { message, options } = await sent(dialect, [SECRET], more);
      return (await verify(message, SECRET, options)).id;
    };
    const { now, event, deliveryId } = goldenInput('task.completed', []);
    const first = await idOf({});
    expect(await idOf({ now: now + 100_000 })).toBe(first);
    const other = { event: { ...event, id: 'evt_01KGSA0000E8MZXV5RYCA3QHT8' }, deliveryId: `${deliveryId}x` };
    expect(await idOf(other)).not.toBe(first);
  });

  test('any of several secrets is good, wherever it stands', async () => {
    const { message, options } = await sent(dialect, [OLD]);
    for (const secrets of [[OLD], [SECRET, OLD], [OLD, SECRET]]) {
      expect(await codeOf(verify(message, secrets, options))).toBe('accepted');
    }
    expect(await codeOf(verify(message, [SECRET, OTHER], options))).toBe('wrong-signature');
  });

  test('a changed body is not accepted, whether a byte of it or its spaces', async () => {
    const { message, options } = await sent(dialect);
    const text = Buffer.from(message.body).toString();
    for (const body of [text.replace('"n":1', '"n":2'), JSON.stringify(JSON.parse(text), undefined, 1), `${text} `]) {
      expect(await codeOf(verify({ ...message, body }, SECRET, options))).toBe('wrong-signature');
    }
  });

  test('the body is taken as bytes, as a buffer, as text and in a Request', async () => {
    const { message, options } = await sent(dialect);
    const { headers } = message;
    const bytes = new Uint8Array(message.body);
    for (const body of [bytes, Buffer.from(bytes), bytes.buffer, Buffer.from(bytes).toString()]) {
      expect(await codeOf(verify({ headers, body }, SECRET, options))).toBe('accepted');
    }
    const request = new Request('https://proxy.internal/', { method: 'POST', headers, body: bytes });
    expect(await codeOf(verify(request, SECRET, options))).toBe('accepted');
  });

  test('the names of headers are taken in any case, and their values as lists', async () => {
    const { message, options } = await sent(dialect);
    const upper = Object.entries(message.headers).map(([name, value]) => [name.toUpperCase(), [value]]);
    const headers = Object.fromEntries(upper) as Record<string, string[]>;
    expect(await codeOf(verify({ ...message, headers }, SECRET, options))).toBe('accepted');
  });

  test('a request without one of its headers says which is missing', async () => {
    const { message, options } = await sent(dialect);
    const needed = Object.keys(message.headers).filter((name) => /signature|timestamp|webhook-id/.test(name));
    expect(needed.length).toBeGreaterThan(0);
    for (const name of needed) {
      const headers = Object.fromEntries(Object.entries(message.headers).filter(([one]) => one !== name));
      const error = await verify({ ...message, headers }, SECRET, options).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'missing-header', message: `The header ${name} is missing.` });
    }
  });

  test('a signature that can’t be read is malformed, and is no crash', async () => {
    const { message, options } = await sent(dialect);
    const name = Object.keys(message.headers).find((one) => one.endsWith('signature')) ?? '';
    for (const value of ['x', 'v1,', 'v1,###', 'sha256=', 'sha256=xyz', 'v2,AAAA', ',,, ', 'v1,AAA']) {
      const headers = { ...message.headers, [name]: value };
      expect(await codeOf(verify({ ...message, headers }, SECRET, options)), value).toBe('malformed-header');
    }
  });

  test('the data may be any JSON value', async () => {
    for (const data of ['1', '"text"', 'null']) {
      const { message, options } = await sent(dialect, [SECRET], {
        event: { ...goldenInput('task.completed', []).event, data },
      });
      expect(await verify(message, SECRET, options)).toMatchObject({ data: JSON.parse(data) as unknown });
    }
  });
});

describe.each(NAMES.filter((name) => 'tolerance' in dialects[name]))('%s: the time of a request', (dialect) => {
  const tolerance = dialects[dialect as 'standard' | 'veriswarm' | 'vellum'].tolerance;

  test('may be off as far as the dialect says, either way, and no second further', async () => {
    const { message, options } = await sent(dialect);
    const at = (seconds: number) => codeOf(verify(message, SECRET, { ...options, now: options.now + seconds * 1000 }));
    expect([await at(tolerance), await at(-tolerance)]).toEqual(['accepted', 'accepted']);
    expect([await at(tolerance + 1), await at(-tolerance - 1)]).toEqual(['too-old', 'too-new']);
  });

  test('may be off as far as the receiver says', async () => {
    const { message, options } = await sent(dialect);
    const late = { ...options, now: options.now + 5000 };
    expect(await codeOf(verify(message, SECRET, { ...late, tolerance: 4 }))).toBe('too-old');
    expect(await codeOf(verify(message, SECRET, { ...late, tolerance: 5 }))).toBe('accepted');
  });

  test('is covered by the signature, and is a number', async () => {
    const { message, options } = await sent(dialect);
    const name = Object.keys(message.headers).find((one) => one.endsWith('timestamp')) ?? '';
    const withTime = (value: string) => ({ ...message, headers: { ...message.headers, [name]: value } });
    const time = Number(message.headers[name]);
    expect(await codeOf(verify(withTime(String(time + 1)), SECRET, options))).toBe('wrong-signature');
    for (const text of ['soon', '1e9', '-1', `${time}.5`, ` ${time}x`, '9'.repeat(400), 'NaN']) {
      expect(await codeOf(verify(withTime(text), SECRET, options)), text).toBe('malformed-header');
    }
  });
});

describe('a receiver that could accept nothing fails with what is wrong with it', () => {
  test.each([
    ['no secret', { secrets: [] }, /no secret/],
    ['an empty secret', { secrets: '' }, /no secret/],
    ['an undefined secret', { secrets: undefined }, /no secret/],
    ['a secret that is none', { secrets: 'whsec_not base64!' }, /whsec_/],
    ['a parsed body', { body: { type: 'a.b' } }, /parsed before it was verified/],
    ['no body', { body: undefined }, /parsed before it was verified/],
    ['an unknown dialect', { dialect: 'acme' }, /no dialect "acme"/],
    ['a chat that verifies nothing', { dialect: 'slack' }, /no dialect "slack"/],
    ['no URL where the signature covers it', { dialect: 'vellum', url: undefined }, /pass `url`/],
  ])('%s', async (_, wrong: Record<string, unknown>, message) => {
    const { message: genuine, options } = await sent(wrong['dialect'] === 'vellum' ? 'vellum' : 'standard');
    const given = { ...genuine, secrets: SECRET as unknown, ...wrong };
    const call = verify(given as never, given.secrets as never, { ...options, ...wrong } as never);
    await expect(call).rejects.toThrow(TypeError);
    await expect(call).rejects.toThrow(message);
  });

  test('a Request whose body was read', async () => {
    const { message, options } = await sent('standard');
    const request = new Request('https://a.test/', { method: 'POST', ...message, body: Buffer.from(message.body) });
    await request.json();
    await expect(verify(request, SECRET, options)).rejects.toThrow(/parsed before it was verified/);
  });
});

test('a dialect of one’s own is verified as it is described', async () => {
  const { declaredDialect } = await import('../../../lib/dialects/declared/declared.ts');
  const { readDialects } = await import('../../../lib/dialects/own-dialects.ts');
  const { acme } = readDialects({
    acme: {
      envelope: [
        { name: 'kind', from: 'type' },
        { name: 'at', from: 'time', format: 'unix' },
        { name: 'payload', from: 'data' },
      ],
      headers: [{ name: 'Acme-Delivery', value: '{delivery_id}' }],
      signature: {
        header: 'Acme-Signature',
        value: 't={timestamp},v1={signature}',
        signed: '{timestamp}.{delivery_id}.{body}',
        algorithm: 'sha512',
        encoding: 'base64',
      },
    },
  });
  if (!acme) throw new Error('unreachable');
  const input = goldenInput('task.completed', ['a secret']);
  const { headers, body } = await declaredDialect(acme).render(input);
  const dialect = {
    signature: {
      header: 'acme-signature',
      value: 't={timestamp},v1={signature}',
      signed: '{timestamp}.{delivery_id}.{body}',
      algorithm: 'sha512',
      encoding: 'base64',
      words: { delivery_id: 'acme-delivery' },
    },
    id: { header: 'acme-delivery' },
    type: 'kind',
    time: 'at',
    data: 'payload',
  } as const;
  const found = await verify({ headers, body }, 'a secret', { dialect, now: input.now });
  expect(found).toMatchObject({ id: input.deliveryId, type: 'task.completed', data: expect.any(Object) });
  expect(found.timestamp.getTime()).toBe(Math.floor(input.event.acceptedAt / 1000) * 1000);
  const late = verify({ headers, body }, 'a secret', { dialect, now: input.now + 301_000 });
  expect(await codeOf(late)).toBe('too-old');
});

test('a header with several signatures is accepted by any secret of them, and no more than twenty are tried', async () => {
  const { declaredDialect } = await import('../../../lib/dialects/declared/declared.ts');
  const { readDialects } = await import('../../../lib/dialects/own-dialects.ts');
  const several = { each: 'v1,{signature}', separator: ' ' };
  const scheme = { header: 'svix-signature', several, signed: '{id}.{timestamp}.{body}', encoding: 'base64' } as const;
  const { svix } = readDialects({
    svix: {
      envelope: [
        { name: 'type', from: 'type' },
        { name: 'timestamp', from: 'time' },
        { name: 'data', from: 'data' },
      ],
      headers: [
        { name: 'svix-id', value: '{id}' },
        { name: 'svix-timestamp', value: '{timestamp}' },
      ],
      signature: { ...scheme, secrets: 'standard' },
    },
  });
  if (!svix) throw new Error('unreachable');
  const input = goldenInput('task.completed', [SECRET, OLD]);
  const { headers, body } = await declaredDialect(svix).render(input);
  const dialect = {
    signature: {
      ...scheme,
      value: '{signature}',
      algorithm: 'sha256',
      secrets: 'standard',
      words: { id: 'svix-id', timestamp: 'svix-timestamp' },
    },
    id: { header: 'svix-id' },
    type: 'type',
    time: 'timestamp',
    data: 'data',
  } as const;
  const codeWith = (secret: string, more = {}) =>
    codeOf(verify({ headers: { ...headers, ...more }, body }, secret, { dialect, now: input.now }));
  for (const secret of [SECRET, OLD]) expect(await codeWith(secret)).toBe('accepted');
  expect(await codeWith(OTHER)).toBe('wrong-signature');
  const own = headers['svix-signature'] ?? '';
  expect(await codeWith(SECRET, { 'svix-signature': `v2,AAAA ${own}` })).toBe('accepted');
  expect(await codeWith(SECRET, { 'svix-signature': `${'v1,AAAA '.repeat(20)}${own}` })).toBe('wrong-signature');
  expect(await codeWith(SECRET, { 'svix-signature': 'v2,AAAA' })).toBe('malformed-header');
});

test('the type of a webhook decides what its data is', () => {
  type Known = Webhook<{ 'a.b': { n: number }; 'a.c': { text: string } }>;
  expectTypeOf<Extract<Known, { type: 'a.b' }>['data']>().toEqualTypeOf<{ n: number }>();
  expectTypeOf<Webhook['data']>().toEqualTypeOf<unknown>();
});
