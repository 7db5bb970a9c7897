import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { KeyedCall } from '../../pipeline/idempotency-key.ts';

interface KeyedInput {
  params?: unknown;
  headers: { 'idempotency-key'?: string | undefined };
  body: unknown;
}

/**
 * What an `Idempotency-Key` says of a call; undefined without one.
 * @param call the id of its route
 */
export function keyedCall(call: string, { params, headers, body }: KeyedInput): KeyedCall | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const hash = createHash('sha256')
    .update(canonicalJson([params, body]))
    .digest('base64url');
  return { key, call, hash };
}
