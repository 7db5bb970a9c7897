import {
  type AlertAddress,
  MOST_CODES_A_DAY,
  asked,
  confirmed,
  nextCodeAt,
  removed,
} from '../../../domain/alert-address.ts';
import { RequestError, changedMeanwhile } from '../../../domain/errors.ts';
import { confirmationMail } from '../../../domain/mail/confirmation-mail.ts';
import { OPERATIONAL_TYPES, type OperationalType } from '../../../domain/operational-event.ts';
import { TYPED_CODE_BYTES, hashTypedCode, typedCode } from '../../../domain/typed-code.ts';
import { registerUnlessErased } from '../../../pipeline/register-tenant.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { InvalidRequest } from '../../http/invalid-request.ts';
import { asTimestampOrNull } from '../../schemas/times.ts';
import type { alertMailRoutes } from './routes.ts';
import type { AlertMailJson } from './schemas.ts';

type Used = 'alertAddresses' | 'clock' | 'mailer' | 'random' | 'tenants';
type Context = HandlerContext<Used>;
type Wanted = Required<Pick<AlertAddress, 'address' | 'types'>>;

export const alertMailHandlers: HandlersOf<typeof alertMailRoutes, 'account', Used> = {
  'alert-mail.get': async (_, context) => shown(context, await addressOf(context)),

  'alert-mail.set': async ({ body }, context) => {
    const wanted = { address: body.address, types: inOrder(body.types ?? OPERATIONAL_TYPES) };
    const before = await addressOf(context);
    const isConfirmed = before?.address === wanted.address && before.confirmedAt !== undefined;
    if (isConfirmed) return shown(context, await written(context, before, { ...before, types: wanted.types }));
    return shown(context, await ask(context, before, wanted));
  },

  'alert-mail.confirm': async ({ body }, context) => {
    const before = await addressOf(context);
    if (!before?.code) throw noCodeAwaited();
    const after = confirmed(before, hashTypedCode(body.code), context.ports.clock.now());
    if (!after) throw wrongCode();
    return shown(context, await written(context, before, after));
  },

  'alert-mail.remove': async (_, context) => {
    const before = await addressOf(context);
    if (before?.address === undefined) return shown(context, before);
    return shown(context, await written(context, before, removed(before, context.ports.clock.now())));
  },
};

function addressOf({ ports, tenantId }: Context): Promise<AlertAddress | undefined> {
  return ports.alertAddresses.get(tenantId);
}

/** Mails a code. It is counted first, so that no crash and no crowd of calls sends more than may be sent. */
async function ask(context: Context, before: AlertAddress | undefined, wanted: Wanted): Promise<AlertAddress> {
  const { tenantId } = context;
  const { clock, mailer, random, tenants } = context.ports;
  if (!mailer) throw noMail();
  const now = clock.now();
  const known = before ?? { tenantId, askedAt: [], version: '' };
  const next = nextCodeAt(known, now);
  if (next !== undefined) throw tooManyCodes(next - now);
  await registerUnlessErased(tenants, { id: tenantId, registeredAt: now });
  const code = typedCode(random.bytes(TYPED_CODE_BYTES));
  const waiting = await written(context, before, asked(known, wanted, hashTypedCode(code), now));
  // One that is refused stays counted: nobody finds out by many calls which addresses a mail server knows.
  await mailer.send(confirmationMail(`confirm_${waiting.version}`, wanted.address, tenantId, code));
  return waiting;
}

/** @throws RequestError `changed-meanwhile` */
async function written(
  { ports }: Context,
  before: AlertAddress | undefined,
  after: AlertAddress,
): Promise<AlertAddress> {
  const version = Buffer.from(ports.random.bytes(12)).toString('hex');
  const next = { ...after, version };
  if (await ports.alertAddresses.replaceIfVersion(next, before?.version)) return next;
  throw changedMeanwhile('address for alerts');
}

function shown({ ports: { mailer, clock } }: Context, alert: AlertAddress | undefined): AlertMailJson {
  const { address, types = [], confirmedAt, code } = alert ?? {};
  const unconfirmed = confirmedAt === undefined ? 'unconfirmed' : 'on';
  return {
    available: mailer !== undefined,
    status: address === undefined ? 'off' : unconfirmed,
    address: address ?? null,
    types: [...types],
    confirmed_at: asTimestampOrNull(confirmedAt),
    code_expires_at: asTimestampOrNull(code && code.endsAt > clock.now() ? code.endsAt : undefined),
  };
}

function inOrder(types: readonly OperationalType[]): OperationalType[] {
  return OPERATIONAL_TYPES.filter((type) => types.includes(type));
}

function noMail(): RequestError {
  return new RequestError(
    'wrong-state',
    'This deployment sends no mail. Its operator can switch that on (docs/alerts.md); until then, subscribe an endpoint to `postrider.*`.',
  );
}

function tooManyCodes(waitMs: number): RequestError {
  const words = `${MOST_CODES_A_DAY} codes were mailed for this tenant in the last 24 hours, which is the most.`;
  return new RequestError('over-quota', `${words} Use the newest one, or ask again later.`, Math.ceil(waitMs / 1000));
}

function noCodeAwaited(): RequestError {
  return new RequestError(
    'wrong-state',
    'No code is awaited: the address is confirmed, or there is none. Set one with `PUT /v1/alerts/mail`.',
  );
}

function wrongCode(): InvalidRequest {
  const message =
    '`code`: it is not the newest code that was mailed to the address, or it has ended. Set the address again for another one.';
  return new InvalidRequest('body', [{ field: 'code', message }]);
}
