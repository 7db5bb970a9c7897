import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { VerificationError, fetchHandler, seenInMemory } from '@postrider/sdk/receive';

// What any receiver of Standard Webhooks must do, for both kinds of signatures, which are made here with Node's own
// cryptography.

const NOW = Math.floor(Date.now() / 1000);
const BODY = '{"type":"test.hello","timestamp":"2026-01-01T00:00:00Z","data":{"hello":"world"}}';

interface Scheme {
  sign(content: string): string;
  /** What verifies it. */
  key: string;
}

function hmac(fill: number): Scheme {
  const key = Buffer.alloc(32, fill);
  return {
    sign: (content) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
    key: `whsec_${key.toString('base64')}`,
  };
}

function ed25519(fill: number): Scheme {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([head, Buffer.alloc(32, fill)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    sign: (content) => `v1a,${sign(null, Buffer.from(content), key).toString('base64')}`,
    key: `whpk_${Buffer.from(x, 'base64url').toString('base64')}`,
  };
}

const SCHEMES = {
  v1: { primary: hmac(1), old: hmac(2), foreign: hmac(3), empty: `v1,${Buffer.alloc(32).toString('base64')}` },
  v1a: {
    primary: ed25519(1),
    old: ed25519(2),
    foreign: ed25519(3),
    empty: `v1a,${Buffer.alloc(64).toString('base64')}`,
  },
};

describe.each(Object.entries(SCHEMES))('%s', (_, { primary, old, foreign, empty }) => {
  const refusals: string[] = [];
  const onRefused = ({ code }: VerificationError) => refusals.push(code);
  const handle = fetchHandler({ secrets: [primary.key, old.key], onRefused }, () => undefined);

  interface Sent {
    id?: string;
    at?: number;
    body?: string;
    /** What is signed, where it is not what is sent. */
    signed?: string;
    by?: Scheme;
    signature?: string;
    without?: string;
  }

  function requestOf({ id = 'msg_1', at = NOW, body = BODY, signed = body, by = primary, signature, without }: Sent) {
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': signature ?? by.sign(`${id}.${at}.${signed}`),
    };
    const kept = Object.entries(headers).filter(([name]) => name !== without);
    return new Request('http://receiver.test/webhooks', { method: 'POST', headers: kept, body });
  }

  async function codeOf(sent: Sent): Promise<string> {
    const { status } = await handle(requestOf(sent));
    return status === 204 ? 'accepted' : (refusals.pop() ?? String(status));
  }

  test.each<[string, Sent, string]>([
    ['a genuine request', {}, 'accepted'],
    ['one that is signed with the old key', { by: old }, 'accepted'],
    ['one that is signed with a foreign key', { by: foreign }, 'wrong-signature'],
    ['a body without a time', { body: '{"type":"test.hello","data":{"key":"value"}}' }, 'accepted'],
    ['a body whose spaces were changed', { body: BODY.replaceAll(':', ': '), signed: BODY }, 'wrong-signature'],
    ['a body that was changed', { body: BODY.replace('world', 'World'), signed: BODY }, 'wrong-signature'],
    ['a signature that only looks like one', { signature: empty }, 'wrong-signature'],
    ['a signature of an unknown version', { signature: empty.replace(/^v1a?/, 'v7') }, 'malformed-header'],
    ['a signature that is none', { signature: 'this-is-not-a-signature' }, 'malformed-header'],
    ['no id', { without: 'webhook-id' }, 'missing-header'],
    ['no timestamp', { without: 'webhook-timestamp' }, 'missing-header'],
    ['no signature', { without: 'webhook-signature' }, 'missing-header'],
    ['one of ten minutes ago', { at: NOW - 600 }, 'too-old'],
    ['one of ten minutes ahead', { at: NOW + 600 }, 'too-new'],
  ])('%s', async (_name, sent, outcome) => {
    expect(await codeOf(sent)).toBe(outcome);
  });

  test('a request that is repeated is accepted and not handled again, and one at the same moment waits', async () => {
    const handled: string[] = [];
    const handleOnce = fetchHandler({ secrets: primary.key, seen: seenInMemory() }, ({ id }) => handled.push(id));
    const together = await Promise.all([handleOnce(requestOf({})), handleOnce(requestOf({}))]);
    const later = await handleOnce(requestOf({}));
    expect([...together, later].map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(handled).toEqual(['msg_1']);
  });
});
