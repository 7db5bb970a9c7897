import type { AuthenticatedKey } from './authenticated-key.ts';
import { bearerKey, plainKey } from './api-key.ts';
import { type FindPorts, findKey } from './find-key.ts';

/** What a request says about who sends it. */
export interface Credentials {
  /** By lower-case name. */
  headers: Record<string, string | undefined>;
  /** The key that a gateway in front of us has looked up. It counts only where `authenticate` is told to trust it. */
  key?: AuthenticatedKey;
}

/**
 * Answers the key of a request; undefined when there is none, or an unknown one.
 * @param keyHeader the header that it is in, alone; undefined: `Authorization: Bearer prk_…`
 */
export type Authenticate = (
  credentials: Credentials,
  keyHeader: string | undefined,
) => Promise<AuthenticatedKey | undefined>;

/**
 * Looks up the key at each request, so that a revoked key stops at once. Behind API Gateway the
 * authorizer does it, and its answers are remembered for seconds.
 */
export function createAuthenticate(ports: FindPorts): Authenticate {
  return async ({ headers }, keyHeader) => {
    const secret = secretIn(keyHeader === undefined ? headers.authorization : headers[keyHeader], keyHeader);
    return secret === undefined ? undefined : findKey(ports, secret);
  };
}

/** The key that the value of a header holds. @param keyHeader as {@link Authenticate} takes it */
export function secretIn(value: string | undefined, keyHeader: string | undefined): string | undefined {
  return keyHeader === undefined ? bearerKey(value) : plainKey(value);
}
