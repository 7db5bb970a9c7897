const PUBLIC_PREFIX = 'whpk_';
const SECRET_PREFIX = 'whsec_';
/** As WebCrypto names them. */
export const HASHES = { sha256: 'SHA-256', sha512: 'SHA-512', sha1: 'SHA-1' };

/** What verifies a signature. */
export type Verify = (signature: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>) => Promise<boolean>;

/** The bytes that a text stands for; undefined where it stands for none. */
export function decoded(text: string, encoding: 'hex' | 'base64'): Uint8Array<ArrayBuffer> | undefined {
  if (encoding === 'hex') {
    return /^(?:[0-9a-f]{2})+$/i.test(text)
      ? Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
      : undefined;
  }
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) && text !== ''
    ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    : undefined;
}

/** A key of Standard Webhooks, and the version of the signatures that it verifies. @throws TypeError for any other text */
export async function standardKey(secret: string): Promise<{ version: 'v1' | 'v1a'; verify: Verify }> {
  if (secret.startsWith(PUBLIC_PREFIX)) {
    const bytes = keyBytes(secret, PUBLIC_PREFIX);
    const key = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
    return { version: 'v1a', verify: (signature, content) => crypto.subtle.verify('Ed25519', key, signature, content) };
  }
  return { version: 'v1', verify: await hmacKey(secretBytes(secret), 'sha256') };
}

/** The key that `whsec_` and base64 stand for. @throws TypeError for any other text */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  return keyBytes(secret, SECRET_PREFIX);
}

function keyBytes(secret: string, prefix: string): Uint8Array<ArrayBuffer> {
  const bytes = decoded(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
  if (!bytes)
    throw new TypeError('A secret of Standard Webhooks is `whsec_` (or `whpk_`) and base64. This one is not.');
  return bytes;
}

/** `crypto.subtle` compares in constant time. */
export async function hmacKey(bytes: Uint8Array<ArrayBuffer>, algorithm: keyof typeof HASHES): Promise<Verify> {
  const how = { name: 'HMAC', hash: HASHES[algorithm] };
  const key = await crypto.subtle.importKey('raw', bytes, how, false, ['verify']);
  return (signature, content) => crypto.subtle.verify('HMAC', key, signature, content);
}
