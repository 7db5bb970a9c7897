import { RequestError } from '../domain/errors.ts';
import type { Dialect, SecretSource } from './dialect.ts';
import { dialectNamed } from './index.ts';
import { isStandardSecret } from './standard/signing.ts';
import { standard } from './standard/standard.ts';

export interface FirstSecret {
  secret: string;
  /** It signs the headers of Standard Webhooks alone (`SealedSecret`). */
  generated?: true;
}

/** What an endpoint's first requests are signed with. */
interface FirstSecrets {
  signing: FirstSecret;
  /** That of the headers of Standard Webhooks, where it is another one. */
  standard?: FirstSecret;
}

interface Asked {
  /** The dialect that the endpoint was given, not that of a chat that its URL is: a chat needs none, and the URL may change. */
  dialect: string;
  /** The secret that the customer already has; absent: a new one is made. */
  signingSecret?: string;
  alsoStandard?: boolean;
}

/** @throws RequestError `invalid-secret` when the dialect refuses it */
export function firstSecrets(
  source: SecretSource,
  { dialect: name, signingSecret, alsoStandard }: Asked,
): FirstSecrets {
  const dialect = dialectNamed(name);
  const secret = signingSecret ?? dialect.newSecret(source);
  refuseSecret(dialect, secret);
  const isGenerated = signingSecret === undefined && dialect.signsOnlyOwnSecrets;
  const needsAnother = alsoStandard && !isStandardSecret(secret);
  return {
    signing: { secret, ...(isGenerated && { generated: true }) },
    ...(needsAnother && { standard: { secret: standard.newSecret(source) } }),
  };
}

/** @throws RequestError `invalid-secret` */
export function refuseSecret(dialect: Dialect, signingSecret: string): void {
  const problem = dialect.refuseSecret(signingSecret);
  if (problem) throw new RequestError('invalid-secret', `signing_secret ${problem}.`);
}
