import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verifyWebhook } from '../../../lib/local/demo/verify-webhook.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const NOW = Date.UTC(2026, 1, 6, 12);
const BODY = '{"type":"task.completed","data":{"title":"Grüße"}}';

function signed(secret = SECRET, at = NOW): Record<string, string> {
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(at / 1000),
    'webhook-signature': new Webhook(secret).sign('evt_1', new Date(at), BODY),
  };
}

const verify = (headers: Record<string, string>, body = BODY) => verifyWebhook(SECRET, headers, Buffer.from(body), NOW);

describe('the demo receiver’s verification', () => {
  test('accepts what the reference implementation signs', () => {
    expect(verify(signed())).toEqual({ ok: true });
  });

  test('accepts when any of several signatures is right', () => {
    const both = `${signed(OTHER_SECRET)['webhook-signature']} ${signed()['webhook-signature']}`;
    expect(verify({ ...signed(), 'webhook-signature': both })).toEqual({ ok: true });
  });

  test('refuses a changed body, id or timestamp, and another secret', () => {
    const noMatch = { ok: false, why: 'no signature matches' };
    expect(verify(signed(), BODY.replace('completed', 'created'))).toEqual(noMatch);
    expect(verify({ ...signed(), 'webhook-id': 'evt_2' })).toEqual(noMatch);
    expect(verify({ ...signed(), 'webhook-timestamp': String(NOW / 1000 + 1) })).toEqual(noMatch);
    expect(verify(signed(OTHER_SECRET))).toEqual(noMatch);
  });

  test('refuses a timestamp of more than five minutes ago or ahead, however well it is signed', () => {
    expect(verify(signed(SECRET, NOW - 300_000))).toEqual({ ok: true });
    expect(verify(signed(SECRET, NOW - 301_000))).toMatchObject({ ok: false });
    expect(verify(signed(SECRET, NOW + 301_000))).toMatchObject({ ok: false });
  });

  test('refuses a request without the headers', () => {
    expect(verify({})).toEqual({ ok: false, why: 'a webhook- header is missing' });
  });
});
