import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { SecretSource } from '../dialect.ts';

// Asymmetric signatures of Standard Webhooks 1.0 (Signature scheme): Ed25519, `v1a`.

const PRIVATE_PREFIX = 'whsk_';
const PUBLIC_PREFIX = 'whpk_';
const SEED_BYTES = 32;
/** The DER of an Ed25519 private key in PKCS #8 is this and its seed (RFC 8410, 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface KeyPair {
  /** `whsk_` and the base64 of the seed. */
  privateKey: string;
  /** `whpk_` and the base64 of the 32 bytes of the public key. */
  publicKey: string;
}

export function newKeyPair(source: SecretSource): KeyPair {
  const privateKey = PRIVATE_PREFIX + Buffer.from(source.bytes(SEED_BYTES)).toString('base64');
  const { x = '' } = createPublicKey(keyOf(privateKey)).export({ format: 'jwk' });
  return { privateKey, publicKey: PUBLIC_PREFIX + Buffer.from(x, 'base64url').toString('base64') };
}

/** The parts of `webhook-signature` that public keys verify. @param timestamp unix seconds, as text */
export function signAsymmetric(
  privateKeys: readonly string[],
  { id, timestamp }: { id: string; timestamp: string },
  body: Uint8Array,
): string[] {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return privateKeys.map((key) => `v1a,${sign(null, signed, keyOf(key)).toString('base64')}`);
}

function keyOf(privateKey: string) {
  const seed = Buffer.from(privateKey.slice(PRIVATE_PREFIX.length), 'base64');
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}
