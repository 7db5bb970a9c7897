import { DAY } from './durations.ts';
import type { OperationalType } from './operational-event.ts';

// The address that a tenant's alerts are mailed to. It counts once a code that was mailed to it has come back.

/** Times are milliseconds since the Unix epoch. */
export interface AlertAddress {
  tenantId: string;
  /** Absent: it was removed, and what is left counts the mails that asked for codes. */
  address?: string;
  /** Which alerts are mailed. */
  types: readonly OperationalType[];
  confirmedAt?: number;
  /** The code that confirms it, as `hashTypedCode` writes it; absent: no code is awaited. */
  code?: { hash: string; endsAt: number };
  /** When codes were mailed, in the last day. */
  askedAt: readonly number[];
  /** Random, another one at each write: by it a caller sees whether another came first. */
  version: string;
}

/** So many codes are mailed for a tenant in 24 hours, to whatever addresses: they may reach strangers. */
export const MOST_CODES_A_DAY = 10;
const CODE_LASTS = DAY;

/** Are alerts of this type mailed to it? */
export function isMailed(
  alert: AlertAddress | undefined,
  type: OperationalType,
): alert is AlertAddress & { address: string } {
  return alert?.address !== undefined && alert.confirmedAt !== undefined && alert.types.includes(type);
}

/** When another code may be mailed; undefined: now. */
export function nextCodeAt({ askedAt }: Pick<AlertAddress, 'askedAt'>, now: number): number | undefined {
  const lately = lastDay(askedAt, now);
  return lately.length < MOST_CODES_A_DAY ? undefined : (lately.at(-MOST_CODES_A_DAY) as number) + DAY;
}

/** An address that waits for its code. The one before gets nothing more. */
export function asked(
  { tenantId, askedAt, version }: Pick<AlertAddress, 'tenantId' | 'askedAt' | 'version'>,
  wanted: Required<Pick<AlertAddress, 'address' | 'types'>>,
  codeHash: string,
  now: number,
): AlertAddress {
  const code = { hash: codeHash, endsAt: now + CODE_LASTS };
  return { tenantId, ...wanted, code, askedAt: [...lastDay(askedAt, now), now], version };
}

/** @returns undefined: the code is wrong or has ended */
export function confirmed(alert: AlertAddress, codeHash: string, now: number): AlertAddress | undefined {
  const { code, ...rest } = alert;
  return code?.hash === codeHash && now < code.endsAt ? { ...rest, confirmedAt: now } : undefined;
}

/** What is left of it. */
export function removed({ tenantId, askedAt, version }: AlertAddress, now: number): AlertAddress {
  return { tenantId, types: [], askedAt: lastDay(askedAt, now), version };
}

function lastDay(times: readonly number[], now: number): number[] {
  return times.filter((at) => at > now - DAY);
}
