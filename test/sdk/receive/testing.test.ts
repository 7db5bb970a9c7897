import { Webhook as OfficialWebhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { type DialectName, dialects, verify } from '@postrider/sdk/receive';
import { newKeyPair, newSecret, signedMessage, signedRequest } from '@postrider/sdk/receive/testing';
import { dialectNamed } from '../../../lib/dialects/index.ts';
import { refuseStandardSecret } from '../../../lib/dialects/standard/signing.ts';
import { goldenInput } from '../../dialects/render-inputs.ts';

const NAMES = Object.keys(dialects) as DialectName[];
const WEBHOOK = { type: 'task.completed', data: { n: 1 }, id: 'id_1', timestamp: new Date('2026-02-06T12:00:00Z') };

describe.each(NAMES)('%s', (dialect) => {
  const secret = newSecret();
  const url = 'https://a.test/hooks?x=1';

  test('a signed request of the test helpers is verified', async () => {
    const request = await signedRequest(WEBHOOK, { secret, dialect, url });
    expect(request.url).toBe(url);
    expect(await verify(request, secret, { dialect, url })).toMatchObject(WEBHOOK);
  });

  test('it has the headers and the fields of what the service sends', async () => {
    const real = await dialectNamed(dialect).render(goldenInput('task.completed', [secret]));
    const made = await signedMessage(WEBHOOK, { secret, dialect, url });
    const fieldsOf = (text: string) => Object.keys(JSON.parse(text) as object);
    expect(fieldsOf(made.body)).toEqual(fieldsOf(Buffer.from(real.body).toString()));
    const own = (headers: object) => Object.keys(headers).filter((name) => name !== 'ventryx-event');
    expect(own(made.headers).toSorted()).toEqual(own(real.headers).toSorted());
  });

  test('one that comes too late can be made', async () => {
    const sentAt = new Date(Date.now() - 3_600_000);
    const request = await signedRequest(WEBHOOK, { secret, dialect, url, sentAt });
    const call = verify(request, secret, { dialect, url });
    await ('tolerance' in dialects[dialect]
      ? expect(call).rejects.toMatchObject({ code: 'too-old' })
      : expect(call).resolves.toMatchObject({ type: WEBHOOK.type }));
  });
});

test('the official library of Standard Webhooks verifies what they sign, with each of several secrets', async () => {
  const secrets = [newSecret(), newSecret()];
  const { headers, body } = await signedMessage(WEBHOOK, { secret: secrets });
  for (const secret of secrets) {
    expect(refuseStandardSecret(secret)).toBeUndefined();
    expect(new OfficialWebhook(secret).verify(body, headers)).toMatchObject({ type: 'task.completed' });
  }
});

test('a key pair signs what its public key verifies', async () => {
  const { privateKey, publicKey } = await newKeyPair();
  const { publicKey: foreign } = await newKeyPair();
  const message = await signedMessage(WEBHOOK, { secret: privateKey });
  expect(message.headers['webhook-signature']).toMatch(/^v1a,/);
  expect(await verify(message, publicKey)).toMatchObject({ id: 'id_1' });
  await expect(verify(message, foreign)).rejects.toMatchObject({ code: 'wrong-signature' });
});

test('a secret that can’t sign is refused', async () => {
  await expect(signedMessage(WEBHOOK, { secret: 'whsec_no base64' })).rejects.toThrow(TypeError);
});
