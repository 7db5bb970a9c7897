import { Webhook as OfficialWebhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verify } from '@postrider/sdk/receive';
import { newKeyPair, signAsymmetric } from '../../../lib/dialects/standard/key-pair.ts';
import { OLD, OTHER, SECRET, codeOf, random, sent } from './sent-requests.ts';

describe('Standard Webhooks', () => {
  const PUBLISHED = {
    secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
  };

  test('its published vector has a right signature: only its body is not an event', async () => {
    const { secret, headers, body } = PUBLISHED;
    const now = 1_614_265_330_000;
    for (const key of [secret, `whsec_${secret}`]) {
      expect(await codeOf(verify({ headers, body }, key, { now }))).toBe('invalid-body');
      expect(await codeOf(verify({ headers, body: `${body} ` }, key, { now }))).toBe('wrong-signature');
    }
  });

  test('what its official library signs is verified', async () => {
    const sentAt = new Date();
    const body = JSON.stringify({ type: 'a.b', timestamp: sentAt.toISOString(), data: { n: 1 } });
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': new OfficialWebhook(SECRET).sign('msg_1', sentAt, body),
    };
    expect(await verify({ headers, body }, SECRET)).toMatchObject({ id: 'msg_1', type: 'a.b', data: { n: 1 } });
  });

  test.each([
    '[]',
    'null',
    '{',
    '',
    '{}',
    '{"type":1,"timestamp":"2026-01-01T00:00:00Z"}',
    '{"type":"a","timestamp":"x"}',
  ])('a genuine body that is no event says so: %s', async (body) => {
    const sentAt = new Date();
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': new OfficialWebhook(SECRET).sign('msg_1', sentAt, body),
    };
    expect(await codeOf(verify({ headers, body }, SECRET))).toBe('invalid-body');
  });

  test('one good signature among several is enough, and those of other versions are passed over', async () => {
    const { message, options } = await sent('standard', [OTHER, SECRET]);
    expect(await codeOf(verify(message, SECRET, options))).toBe('accepted');
    const signature = message.headers['webhook-signature'] ?? '';
    for (const value of [
      `v9,AAAA ${signature}`,
      `${signature} v1,AAAA`,
      signature.replace(' ', ','),
      `x ${signature}`,
    ]) {
      const headers = { ...message.headers, 'webhook-signature': value };
      expect(await codeOf(verify({ ...message, headers }, SECRET, options)), value).toBe('accepted');
    }
  });

  test('a list of signatures is read as far as a sender may mean it, and in no time however it is written', async () => {
    const { message, options } = await sent('standard');
    const genuine = message.headers['webhook-signature'] ?? '';
    const after = (count: number) => `${'v1,AAAA '.repeat(count)}${genuine}`;
    const check = (signature: string) =>
      codeOf(verify({ ...message, headers: { ...message.headers, 'webhook-signature': signature } }, SECRET, options));
    expect(await check(after(19))).toBe('accepted');
    expect(await check(after(20))).toBe('wrong-signature');
    for (const noise of [' ', ',', 'v', 'v1,', 'v1', '='])
      expect(await check(noise.repeat(100_000))).toBe('malformed-header');
  });

  test('an asymmetric signature is verified with the public key, beside or without the secret', async () => {
    const pair = newKeyPair(random);
    const foreign = newKeyPair(random);
    const { message, options } = await sent('standard');
    const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', ...others } = message.headers;
    const parts = signAsymmetric([pair.privateKey], { id, timestamp }, message.body);
    const only = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': parts.join(' ') };
    const both = { ...only, 'webhook-signature': `${others['webhook-signature']} ${parts.join(' ')}` };
    const check = (headers: Record<string, string>, secrets: string | string[]) =>
      codeOf(verify({ ...message, headers }, secrets, options));
    expect(await check(only, pair.publicKey)).toBe('accepted');
    expect(await check(both, pair.publicKey)).toBe('accepted');
    expect(await check(both, SECRET)).toBe('accepted');
    expect(await check(only, [SECRET, pair.publicKey])).toBe('accepted');
    expect(await check(only, SECRET)).toBe('wrong-signature');
    expect(await check(both, foreign.publicKey)).toBe('wrong-signature');
    // A signature counts as what it says that it is.
    const renamed = (signature = '') => signature.replace(/^v1a?/, (version) => (version === 'v1' ? 'v1a' : 'v1'));
    expect(await check({ ...only, 'webhook-signature': renamed(parts[0]) }, pair.publicKey)).toBe('wrong-signature');
    expect(await check({ ...only, 'webhook-signature': renamed(others['webhook-signature']) }, SECRET)).toBe(
      'wrong-signature',
    );
  });

  test('an endpoint on its way to it is verified by its headers, whatever dialect its body has', async () => {
    const { message } = await sent('vem');
    const { message: standard, options } = await sent('standard');
    const id = standard.headers['webhook-id'] ?? '';
    const sentAt = new Date(options.now);
    const text = Buffer.from(message.body).toString();
    const headers = {
      ...message.headers,
      ...standard.headers,
      'webhook-signature': new OfficialWebhook(OLD).sign(id, sentAt, text),
    };
    const found = await verify({ headers, body: text }, OLD, { ...options, dialect: 'vem', signature: 'standard' });
    expect(found).toMatchObject({ id, type: 'task.completed', data: { n: 1 } });
  });
});
