import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { refuseStandardSecret, signStandard } from '../../lib/dialects/standard/signing.ts';
import { standard } from '../../lib/dialects/standard/standard.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const event = {
  tenantId: 't',
  id: 'evt_01J00000000000000000000000',
  type: 'task.completed',
  data: '{"title":"Grüße \\ud83d\\ude00","n":1}',
  acceptedAt: Date.UTC(2026, 1, 6, 12),
  endpointIds: [],
};
const rendered = async (secrets: string[], now = Date.now()) =>
  standard.render({ event, deliveryId: 'del_x', url: 'https://example.com', secrets, now });

test('the published vector of Standard Webhooks is signed as published', () => {
  const signature = signStandard(
    ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    '{"test": 2432232314}',
  );
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('the official library verifies what is sent, with either of two secrets', async () => {
  const secrets = [standard.newSecret(new SeededRandom(1)), standard.newSecret(new SeededRandom(2))];
  const { headers, body } = await rendered(secrets);
  for (const secret of secrets) {
    expect(new Webhook(secret).verify(Buffer.from(body), headers)).toEqual({
      type: 'task.completed',
      timestamp: '2026-02-06T12:00:00.000Z',
      data: { title: 'Grüße 😀', n: 1 },
    });
  }
  expect(() => new Webhook(standard.newSecret(new SeededRandom(3))).verify(Buffer.from(body), headers)).toThrow();
});

test('the id is the event and the timestamp is the attempt', async () => {
  const secrets = [standard.newSecret(new SeededRandom(1))];
  expect((await rendered(secrets, 1_700_000_000_999)).headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': event.id,
    'webhook-timestamp': '1700000000',
  });
});

test.each([
  { secret: `whsec_${Buffer.alloc(24, 1).toString('base64')}`, ok: true },
  { secret: `whsec_${Buffer.alloc(64, 1).toString('base64')}`, ok: true },
  { secret: `whsec_${Buffer.alloc(23, 1).toString('base64')}`, ok: false },
  { secret: `whsec_${Buffer.alloc(65, 1).toString('base64')}`, ok: false },
  { secret: Buffer.alloc(24, 1).toString('base64'), ok: false },
  { secret: 'whsec_not base64 at all, and rather long for it', ok: false },
  { secret: '', ok: false },
])('a secret that a customer brings is checked: $secret → $ok', ({ secret, ok }) => {
  expect(refuseStandardSecret(secret) === undefined).toBe(ok);
});
