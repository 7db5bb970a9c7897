import { hash } from 'node:crypto';
import type { SealedSecret } from './endpoint.ts';

/** How many secrets of one kind an endpoint can have that sign or will sign. */
export const MAX_LIVE_SECRETS = 5;

const FINGERPRINT_LENGTH = 8;

/**
 * Tells an endpoint's secrets apart, in lists and in the history of attempts: 8 hexadecimal characters. It is that of the
 * sealed text, which holds random bytes, and not of the secret itself, so that nobody can try a weak secret against it.
 */
export function fingerprintOf({ sealed, fingerprint }: Pick<SealedSecret, 'sealed' | 'fingerprint'>): string {
  return fingerprint ?? hash('sha256', sealed, 'hex').slice(0, FINGERPRINT_LENGTH);
}

/** Those of a list that are in force, in its order: newest first. @param now milliseconds since the Unix epoch */
export function inForce<Secret extends Pick<SealedSecret, 'activatesAt' | 'expiresAt'>>(
  secrets: readonly Secret[],
  now: number,
): Secret[] {
  return secrets.filter(
    ({ activatesAt = now, expiresAt }) => activatesAt <= now && (expiresAt === undefined || expiresAt > now),
  );
}

/** When a rotation takes effect; times are milliseconds, `now` since the Unix epoch. */
export interface RotationTimes {
  now: number;
  /** How long after the call the new secret begins to sign. */
  activateInMs: number;
  /** For how long the old ones go on beside it. */
  overlapMs: number;
}

/**
 * The secrets after a rotation, newest first: those before sign until the overlap with the new one ends, or until they
 * would have ended anyway. One that would never sign is left out.
 * @returns undefined when there would be more than {@link MAX_LIVE_SECRETS}
 */
export function rotated(
  secrets: readonly SealedSecret[],
  next: SealedSecret,
  { now, activateInMs, overlapMs }: RotationTimes,
): SealedSecret[] | undefined {
  const activatesAt = now + activateInMs;
  const end = activatesAt + overlapMs;
  const old = secrets
    .map((secret) => ({ ...secret, expiresAt: Math.min(secret.expiresAt ?? end, end) }))
    .filter((secret) => secret.expiresAt > Math.max(now, secret.activatesAt ?? now));
  if (old.length >= MAX_LIVE_SECRETS) return undefined;
  return [{ ...next, ...(activateInMs > 0 && { activatesAt }) }, ...old];
}
