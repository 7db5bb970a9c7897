import { RequestError, ServiceFault } from '../../../domain/errors.ts';
import {
  NO_STEP,
  RECOVERY_CODES,
  STEP_UP_MS,
  type SecondFactor,
  factorContext,
  steppedUp,
} from '../../../domain/second-factor.ts';
import { TYPED_CODE_BYTES, hashTypedCode, typedCode } from '../../../domain/typed-code.ts';
import { TOTP_SECRET_BYTES, totpSecret, totpUri } from '../../../domain/totp.ts';
import { notEnrolled, replaceFactor, spendCode } from '../../auth/second-factor.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import type { mfaRoutes } from './routes.ts';
import type { MfaJson } from './schemas.ts';

type Used = 'factors' | 'secrets' | 'clock' | 'random';
type Context = HandlerContext<Used>;

export const mfaHandlers: HandlersOf<typeof mfaRoutes, 'account', Used> = {
  'mfa.get': async (_, context) => show(context),

  'mfa.enrol': async (_, context) => {
    const { ports, caller } = context;
    const { owner } = caller;
    const before = await ports.factors.get(owner);
    if (before?.status === 'on') throw alreadyOn();
    const secret = totpSecret(ports.random.bytes(TOTP_SECRET_BYTES));
    const named = { id: randomName(context), ...(owner !== undefined && { tenantId: owner }) };
    const written = await replaceFactor(ports, before, {
      ...named,
      status: 'pending',
      sealedSecret: await ports.secrets.seal(secret, factorContext(named)),
      createdAt: ports.clock.now(),
      lastStep: NO_STEP,
      recoveryHashes: [],
      wrongAt: [],
      stepUps: {},
      version: '',
    });
    if (!written) throw changedMeanwhile();
    return { secret, otpauth_uri: totpUri(secret, owner ?? 'platform') };
  },

  'mfa.confirm': async ({ body }, context) => {
    const { ports, caller } = context;
    if ((await existingFactor(context)).status === 'on') throw alreadyOn();
    const codes = newRecoveryCodes(context);
    await spendCode(ports, caller.owner, body.code, (factor) => switchedOn(factor, codes));
    return { recovery_codes: codes };
  },

  'mfa.recovery-codes': async (_, context) => {
    const before = await existingFactor(context);
    if (before.status !== 'on') throw notOn();
    const codes = newRecoveryCodes(context);
    if (!(await replaceFactor(context.ports, before, switchedOn(before, codes)))) throw changedMeanwhile();
    return { recovery_codes: codes };
  },

  'mfa.disable': async (_, context) => {
    await context.ports.factors.remove(context.caller.owner);
    return show(context);
  },

  'mfa.step-up': async ({ body }, context) => {
    const { ports, caller } = context;
    if ((await existingFactor(context)).status !== 'on') throw notOn();
    let now = 0;
    await spendCode(ports, caller.owner, body.code, (factor, at) => {
      now = at;
      return steppedUp(factor, caller.keyId, at);
    });
    return { expires_at: asTimestamp(now + STEP_UP_MS) };
  },
};

async function show({ ports, settings, caller }: Context): Promise<MfaJson> {
  const factor = await ports.factors.get(caller.owner);
  const lockedUntil = factor?.lockedUntil;
  const isLocked = lockedUntil !== undefined && lockedUntil > ports.clock.now();
  return {
    status: factor?.status ?? 'off',
    required: settings.requireMfa,
    recovery_codes_left: factor?.recoveryHashes.length ?? 0,
    locked_until: asTimestampOrNull(isLocked ? lockedUntil : undefined),
  };
}

async function existingFactor({ ports, caller }: Context): Promise<SecondFactor> {
  const factor = await ports.factors.get(caller.owner);
  if (!factor) throw notEnrolled();
  return factor;
}

function switchedOn(factor: SecondFactor, codes: readonly string[]): SecondFactor {
  return { ...factor, status: 'on', recoveryHashes: codes.map(hashTypedCode) };
}

function newRecoveryCodes({ ports: { random } }: Context): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => typedCode(random.bytes(TYPED_CODE_BYTES)));
}

function randomName({ ports: { random } }: Context): string {
  return Buffer.from(random.bytes(12)).toString('base64url');
}

function alreadyOn(): RequestError {
  return new RequestError('wrong-state', 'A second factor is on. Disable it with `POST /v1/mfa/disable` first.');
}

function notOn(): RequestError {
  return new RequestError(
    'wrong-state',
    'The second factor is not confirmed: send its first code to `POST /v1/mfa/confirm`.',
  );
}

/** Two callers changed it at the same time, which is rare: the caller sends it again. */
function changedMeanwhile(): ServiceFault {
  return new ServiceFault('The second factor was changed by another call.');
}
