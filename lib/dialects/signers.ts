import type { Endpoint, SealedSecret } from '../domain/endpoint.ts';
import { inForce } from '../domain/secret-rotation.ts';
import type { Dialect } from './dialect.ts';
import { dialectNamed } from './index.ts';

/** What signs one request; each list is newest first. */
export interface Signers<Secret> {
  /** Sign the dialect's own headers. */
  own: readonly Secret[];
  /** Sign the headers of Standard Webhooks beside them; none: there are no such headers. */
  standard: readonly Secret[];
  /** Private keys that sign besides, where the request has the headers of Standard Webhooks. */
  asymmetric: readonly Secret[];
}

/** What is known of a secret that is not opened. */
type Kept = Pick<SealedSecret, 'activatesAt' | 'expiresAt' | 'generated'>;

/** The secrets of an endpoint, and what it asks to be signed. */
interface Signing<Secret> extends Pick<Endpoint, 'alsoStandard' | 'asymmetricSigning'> {
  secrets: readonly Secret[];
  standardSecrets?: readonly Secret[];
  privateKeys?: readonly Secret[];
}

/**
 * Decides which secrets of an endpoint sign what in a request that is made now.
 * @param name of the dialect that the endpoint gets (`dialectNameOf`)
 * @param now milliseconds since the Unix epoch
 */
export function signersOf<Secret extends Kept>(name: string, endpoint: Signing<Secret>, now: number): Signers<Secret> {
  const { secrets, standardSecrets = secrets, privateKeys = [], alsoStandard, asymmetricSigning } = endpoint;
  const isStandard = name === 'standard';
  const hasStandardHeaders = isStandard || alsoStandard;
  return {
    own: ownOf(dialectNamed(name), inForce(secrets, now)),
    standard: alsoStandard && !isStandard ? inForce(standardSecrets, now) : [],
    asymmetric: asymmetricSigning && hasStandardHeaders ? inForce(privateKeys, now) : [],
  };
}

/** A header with one signature has room for the newest secret alone. */
function ownOf<Secret extends Kept>(dialect: Dialect, secrets: readonly Secret[]): readonly Secret[] {
  if (dialect.unsigned) return [];
  const usable = secrets.filter(({ generated }) => !(dialect.signsOnlyOwnSecrets && generated));
  return dialect.signsWithAllSecrets ? usable : usable.slice(0, 1);
}
