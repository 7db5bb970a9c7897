import { totpStep } from './totp.ts';
import { hashTypedCode } from './typed-code.ts';

/** The second factor of a tenant, or of the platform. Times are milliseconds since the Unix epoch. */
export interface SecondFactor {
  /** Names one enrolment. */
  id: string;
  /** Absent: the platform's own. */
  tenantId?: string;
  /** Pending until the first code of the new secret came: it asks nobody for anything yet. */
  status: 'pending' | 'on';
  sealedSecret: string;
  createdAt: number;
  /** The time step of the last code that was used: none of this one or an earlier one is good again. */
  lastStep: number;
  /** Hashes of the recovery codes that are not used. */
  recoveryHashes: readonly string[];
  /** When wrong codes came, lately. */
  wrongAt: readonly number[];
  lockedUntil?: number;
  /** Until when a key needs no code, by its id. */
  stepUps: Readonly<Record<string, number>>;
  /** Random, another one at each write: by it a caller sees whether another came first. */
  version: string;
}

/** A random one: two callers' writes are never equal, so none takes another's for its own. */
export function withNewVersion(factor: SecondFactor, random: { bytes(count: number): Uint8Array }): SecondFactor {
  return { ...factor, version: Buffer.from(random.bytes(12)).toString('base64url') };
}

/** What a factor's secret is bound to. */
export function factorContext({ tenantId, id }: Pick<SecondFactor, 'tenantId' | 'id'>): string {
  return `mfa/${id}/${tenantId ?? ''}`;
}

const MINUTE_MS = 60_000;
/** The last step of a factor of which no code was used. */
export const NO_STEP = -1000;
export const MOST_WRONG_CODES = 5;
export const WRONG_CODES_MS = 15 * MINUTE_MS;
export const LOCK_MS = 15 * MINUTE_MS;
export const STEP_UP_MS = 10 * MINUTE_MS;
export const RECOVERY_CODES = 10;

/** What a code is worth. `factor` is what must be stored before anything else happens. */
export type Judgement =
  | { kind: 'right'; factor: SecondFactor }
  | { kind: 'wrong'; factor: SecondFactor }
  /** Right once, but used already. */
  | { kind: 'used' }
  | { kind: 'locked'; until: number };

/**
 * Judges a code of an app, or a recovery code. Each is good once. Five wrong ones within 15 minutes lock the factor for 15
 * minutes; a used one tells a guesser nothing, and does not count.
 * @param now milliseconds since the Unix epoch
 */
export function judgeCode(factor: SecondFactor, secret: string, code: string, now: number): Judgement {
  const { lockedUntil, lastStep, recoveryHashes } = factor;
  if (lockedUntil !== undefined && lockedUntil > now) return { kind: 'locked', until: lockedUntil };
  const step = totpStep(secret, code, now);
  if (step !== undefined) {
    return step > lastStep ? { kind: 'right', factor: unlocked({ ...factor, lastStep: step }) } : { kind: 'used' };
  }
  const hash = hashTypedCode(code);
  if (!recoveryHashes.includes(hash)) return { kind: 'wrong', factor: withWrongCode(factor, now) };
  const left = recoveryHashes.filter((one) => one !== hash);
  return { kind: 'right', factor: unlocked({ ...factor, recoveryHashes: left }) };
}

function withWrongCode(factor: SecondFactor, now: number): SecondFactor {
  const wrongAt = [...factor.wrongAt.filter((at) => at > now - WRONG_CODES_MS), now];
  if (wrongAt.length < MOST_WRONG_CODES) return { ...factor, wrongAt };
  return { ...factor, wrongAt: [], lockedUntil: now + LOCK_MS };
}

/** A right code forgives the wrong ones before it. */
function unlocked(factor: SecondFactor): SecondFactor {
  const { lockedUntil: _, ...rest } = factor;
  return { ...rest, wrongAt: [] };
}

/** The factor with a key that needs no code for {@link STEP_UP_MS}. Those that have ended are dropped. */
export function steppedUp(factor: SecondFactor, keyId: string, now: number): SecondFactor {
  const current = Object.entries(factor.stepUps).filter(([, until]) => until > now);
  return { ...factor, stepUps: { ...Object.fromEntries(current), [keyId]: now + STEP_UP_MS } };
}

export function isSteppedUp({ stepUps }: SecondFactor, keyId: string, now: number): boolean {
  return Object.hasOwn(stepUps, keyId) && (stepUps[keyId] as number) > now;
}
