import { DAY } from '../domain/durations.ts';
import { FieldRefusal } from '../domain/errors.ts';
import type { Dialect, SecretSource } from './dialect.ts';
import { dialectNamed } from './index.ts';
import { isStandardSecret } from './standard/signing.ts';
import { standard } from './standard/standard.ts';

export interface FirstSecret {
  secret: string;
  /** It signs the headers of Standard Webhooks alone (`SealedSecret`). */
  generated?: true;
}

/** One that the customer's receivers are leaving: both sign until then. */
export interface PreviousSecret {
  secret: string;
  /** Milliseconds since the Unix epoch. */
  expiresAt: number;
}

/** What an endpoint's first requests are signed with. */
interface FirstSecrets {
  signing: FirstSecret;
  /** That of the headers of Standard Webhooks, where it is another one. */
  standard?: FirstSecret;
}

interface Asked {
  /**
   * The dialect that the endpoint was given, not that of a chat that its URL is: a chat needs none, and the URL may
   * change.
   */
  dialect: string;
  /** The secret that the customer already has; absent: a new one is made. */
  signingSecret?: string;
  previousSecret?: PreviousSecret;
  alsoStandard?: boolean;
}

const LONGEST_OVERLAP = 30 * DAY;

/**
 * @param now milliseconds since the Unix epoch
 * @throws RequestError `invalid-secret` when the dialect refuses one, or has no room for the previous one
 */
export function checkSecrets({ dialect: name, signingSecret, previousSecret, alsoStandard }: Asked, now: number): void {
  const dialect = dialectNamed(name);
  if (signingSecret !== undefined) refuseSecret(dialect, signingSecret);
  if (!previousSecret) return;
  if (previousSecret.expiresAt > now + LONGEST_OVERLAP) {
    const field = 'previous_secret.expires_at';
    throw new FieldRefusal('invalid-secret', field, `${field} must be at most 30 days from now.`);
  }
  const signsBeside = alsoStandard && (signingSecret === undefined || isStandardSecret(signingSecret));
  const overlapping = dialect.signsWithAllSecrets ? dialect : signsBeside ? standard : undefined;
  if (overlapping) return refuseSecret(overlapping, previousSecret.secret, 'previous_secret.signing_secret');
  throw new FieldRefusal(
    'invalid-secret',
    'previous_secret',
    'Leave `previous_secret` out: a request of this dialect has one signature, that of `signing_secret`.',
  );
}

/** @throws RequestError as {@link checkSecrets} */
export function firstSecrets(source: SecretSource, asked: Asked, now: number): FirstSecrets {
  checkSecrets(asked, now);
  const { dialect: name, signingSecret, alsoStandard } = asked;
  const dialect = dialectNamed(name);
  const secret = signingSecret ?? dialect.newSecret(source);
  const isGenerated = signingSecret === undefined && dialect.signsOnlyOwnSecrets;
  const needsAnother = alsoStandard && !isStandardSecret(secret);
  return {
    signing: { secret, ...(isGenerated && { generated: true }) },
    ...(needsAnother && { standard: { secret: standard.newSecret(source) } }),
  };
}

/** @param field that it was given in. @throws RequestError `invalid-secret` */
export function refuseSecret(dialect: Dialect, secret: string, field = 'signing_secret'): void {
  const problem = dialect.refuseSecret(secret);
  if (problem) throw new FieldRefusal('invalid-secret', field, `${field} ${problem}.`);
}
