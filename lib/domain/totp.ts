// Time-based one-time passwords (RFC 6238): six digits, 30 seconds, SHA-1, as authenticator apps expect them.

import { Secret, TOTP } from 'otpauth';

/** Bytes of a secret: as many as RFC 4226 (4) recommends. */
export const TOTP_SECRET_BYTES = 20;
const STEP_SECONDS = 30;
/** Steps before and after the present one whose codes are accepted: clocks differ, and people type slowly. */
const WINDOW = 1;

/** The secret as people type it into an app. @param randomness {@link TOTP_SECRET_BYTES} bytes */
export function totpSecret(randomness: Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(randomness).buffer }).base32;
}

/** The `otpauth:` URI that apps read from a QR code. @param account what the app shows */
export function totpUri(secret: string, account: string): string {
  return totpOf(secret, account).toString();
}

/**
 * The time step that a code is of; undefined when it is of none near the present.
 * @param now milliseconds since the Unix epoch
 */
export function totpStep(secret: string, code: string, now: number): number | undefined {
  // The library compares bytes, of which six other characters may have more.
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = totpOf(secret).validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? undefined : Math.floor(now / 1000 / STEP_SECONDS) + delta;
}

function totpOf(secret: string, account = ''): TOTP {
  return new TOTP({ issuer: 'Postrider', label: account, secret, period: STEP_SECONDS });
}
