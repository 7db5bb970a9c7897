import { RequestError, ServiceFault } from '../../domain/errors.ts';
import {
  type SecondFactor,
  factorContext,
  isSteppedUp,
  judgeCode,
  withNewVersion,
} from '../../domain/second-factor.ts';
import type { Ports } from '../../ports/ports.ts';
import type { FactorOwner } from '../../ports/second-factor-store.ts';
import type { ApiSettings } from '../api-settings.ts';
import type { Caller } from './authorize.ts';

export type FactorPorts = Pick<Ports, 'factors' | 'secrets' | 'clock' | 'random'>;

/** Each round that is lost to another caller brings the factor nearer to its lock. */
const MOST_ROUNDS = 20;

/**
 * Lets a sensitive call through whose caller has no second factor, has given a good code, or has stepped up.
 * @param code the header `Postrider-MFA`
 * @throws RequestError `second-factor-needed`, `second-factor-not-enrolled`, `second-factor-wrong`,
 *   `second-factor-locked`
 */
export async function requireSecondFactor(
  ports: FactorPorts,
  { requireMfa }: Pick<ApiSettings, 'requireMfa'>,
  { owner, keyId }: Caller,
  code: string | undefined,
): Promise<void> {
  const factor = await ports.factors.get(owner);
  if (factor?.status !== 'on') {
    if (requireMfa) throw notEnrolled();
    return;
  }
  if (code !== undefined) await spendCode(ports, owner, code);
  else if (!isSteppedUp(factor, keyId, ports.clock.now())) throw needed();
}

/**
 * Uses a code up: of any number of uses at the same time, one gets through.
 * @param change what else becomes of the factor in the same write
 * @throws RequestError `second-factor-wrong`, `second-factor-locked`, `second-factor-not-enrolled`
 */
export async function spendCode(
  ports: FactorPorts,
  owner: FactorOwner,
  code: string,
  change: (factor: SecondFactor, now: number) => SecondFactor = (factor) => factor,
): Promise<SecondFactor> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const factor = await ports.factors.get(owner);
    if (!factor) throw notEnrolled();
    const now = ports.clock.now();
    const secret = await ports.secrets.open(factor.sealedSecret, factorContext(factor));
    const judged = judgeCode(factor, secret, code, now);
    if (judged.kind === 'locked') throw locked(judged.until, now);
    if (judged.kind === 'used') throw wrong();
    const next = judged.kind === 'right' ? change(judged.factor, now) : judged.factor;
    const written = await replaceFactor(ports, factor, next);
    if (!written) continue;
    if (judged.kind === 'wrong') throw wrong();
    return written;
  }
  throw new ServiceFault('A second factor was changed by others in every attempt.');
}

/** Undefined when another write came first. */
export async function replaceFactor(
  { factors, random }: Pick<FactorPorts, 'factors' | 'random'>,
  before: SecondFactor | undefined,
  factor: SecondFactor,
): Promise<SecondFactor | undefined> {
  const next = withNewVersion(factor, random);
  return (await factors.replaceIfVersion(next, before?.version)) ? next : undefined;
}

export function notEnrolled(): RequestError {
  return new RequestError(
    'second-factor-not-enrolled',
    'This call needs a second factor, and none is enrolled: enrol one with `POST /v1/mfa/enrol`.',
  );
}

function needed(): RequestError {
  return new RequestError(
    'second-factor-needed',
    'This call needs a code of the second factor: send it in `Postrider-MFA`, or step up with `POST /v1/mfa/step-up`.',
  );
}

function wrong(): RequestError {
  return new RequestError('second-factor-wrong', 'The code is wrong, or was used before. Wait for the next one.');
}

function locked(until: number, now: number): RequestError {
  return new RequestError(
    'second-factor-locked',
    'Too many wrong codes came: none is accepted for now. Try again later.',
    Math.ceil((until - now) / 1000),
  );
}
