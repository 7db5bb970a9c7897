import { createHmac, timingSafeEqual } from 'node:crypto';

export type Verification = { ok: true } | { ok: false; why: string };

const TOLERANCE_SECONDS = 300;

/**
 * Verifies a request as a receiver does (Standard Webhooks 1.0, Verifying webhook authenticity): the signature of the
 * received bytes, and a timestamp at most five minutes off. It shares no code with the sender, so that it can disagree.
 * @param secret `whsec_` and base64
 * @param headers by lower-case name
 * @param now milliseconds since the Unix epoch
 */
export function verifyWebhook(
  secret: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array,
  now: number,
): Verification {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return { ok: false, why: 'a webhook- header is missing' };
  }
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    return { ok: false, why: 'the timestamp is too far from now' };
  }
  const expected = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest();
  const given = signatures.split(' ').filter((signature) => signature.startsWith('v1,'));
  const matches = given.some((signature) => isEqual(Buffer.from(signature.slice(3), 'base64'), expected));
  return matches ? { ok: true } : { ok: false, why: 'no signature matches' };
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
