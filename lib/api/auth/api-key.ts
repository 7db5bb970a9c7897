import { createHash } from 'node:crypto';

const BEARER = /^Bearer +(prk_[\x21-\x7e]{1,256})$/i;

/** The key in an `Authorization` header; undefined when it holds none. */
export function bearerKey(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1];
}

/** How keys are stored: lower-case hex SHA-256 of the whole key, `prk_` included. */
export function hashApiKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
