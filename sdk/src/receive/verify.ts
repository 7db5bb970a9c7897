import { type DialectName, type ReceivedDialect, dialectOf } from './dialects.ts';
import { type ReceivedHeaders, type ReceivedMessage, bytesOf, headerOf, jsonOf } from './message.ts';
import { type Signed, keysOf, malformed, readDeclared, readStandard } from './signatures.ts';
import { VerificationError } from './verification-error.ts';

/** The secret of an endpoint, or several while it is being replaced; `whpk_…` verifies asymmetric signatures. */
export type Secrets = string | readonly string[];

export interface VerifyOptions {
  /** That of the endpoint; the default is `standard`. */
  dialect?: DialectName | ReceivedDialect;
  /** Verify the headers of Standard Webhooks, which an endpoint with `also_standard` gets beside those of its dialect. */
  signature?: 'standard';
  /** How many seconds the time of the request may be off, instead of what the dialect says. */
  tolerance?: number;
  /** The endpoint's URL exactly as it was registered: for a dialect that signs it (`vellum`). */
  url?: string;
  /** The time, in milliseconds since 1970: for tests. */
  now?: number;
}

interface Received {
  /** The same on every attempt and manual retry: drop what you have already. */
  id: string;
  /** When it happened; when it was sent, where another sender does not say. */
  timestamp: Date;
  /** The whole body. */
  payload: Record<string, unknown>;
}

/** A genuine webhook. Its type says what its data is. */
export type Webhook<Events extends object = Record<string, unknown>> = {
  [Type in keyof Events & string]: Received & { type: Type; data: Events[Type] };
}[keyof Events & string];

/**
 * Is this request genuine, and of now?
 * @throws VerificationError with the cause in its `code`; TypeError for a receiver that could accept nothing: an unusable
 *   secret, a parsed body, an unknown dialect
 */
export async function verify<Events extends object = Record<string, unknown>>(
  message: ReceivedMessage | Request,
  secrets: Secrets,
  options: VerifyOptions = {},
): Promise<Webhook<Events>> {
  const dialect = dialectOf(options.dialect ?? 'standard');
  const { headers } = message;
  const body = bytesOf('arrayBuffer' in message ? await readRequest(message) : message.body);
  const signature = options.signature ?? dialect.signature;
  const keys = await keysOf(signature, listOf(secrets));
  const signed =
    signature === 'standard'
      ? readStandard(headers, body)
      : readDeclared(signature, headers, body, { method: 'POST', url: options.url });
  checkTime(signed.timestamp, options.tolerance ?? dialect.tolerance ?? STANDARD_TOLERANCE, options.now ?? Date.now());
  await checkSignatures(signed, keys);
  const idOf = options.signature === 'standard' ? { header: 'webhook-id' } : dialect.id;
  const payload = jsonOf(body);
  // Standard Webhooks only recommends that a body has a time; without one, the time of the request is the nearest.
  const withTime = { [dialect.time]: signed.timestamp && Number(signed.timestamp), ...payload };
  return { ...webhookOf(withTime, headers, { ...dialect, id: idOf }), payload } as unknown as Webhook<Events>;
}

const STANDARD_TOLERANCE = 300;

/** A `Request` gives its body once: what was read before can't be verified. */
function readRequest(request: Request): Promise<ArrayBuffer> | undefined {
  return request.bodyUsed ? undefined : request.arrayBuffer();
}

function listOf(secrets: Secrets): readonly string[] {
  const list = typeof secrets === 'object' ? secrets : [secrets];
  if (list.length === 0 || list.some((one) => typeof one !== 'string' || one === '')) {
    throw new TypeError('There is no secret to verify with. Is an environment variable empty?');
  }
  return list;
}

function checkTime(timestamp: string | undefined, tolerance: number, now: number): void {
  if (timestamp === undefined) return;
  if (!/^\d{1,12}$/.test(timestamp)) throw malformed('of the timestamp', 'it must be unix seconds');
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (age > tolerance) throw new VerificationError('too-old', `It was sent ${age} s ago; ${tolerance} s are allowed.`);
  if (-age > tolerance) throw new VerificationError('too-new', `It was sent ${-age} s from now. Is a clock wrong?`);
}

/** Each secret is tried with each signature of its version. */
async function checkSignatures(
  { content, signatures }: Signed,
  keys: Awaited<ReturnType<typeof keysOf>>,
): Promise<void> {
  const pairs = keys.flatMap(({ version, verify: is }) =>
    signatures.filter((one) => one.version === version).map(({ bytes }) => is(bytes, content)),
  );
  if ((await Promise.all(pairs)).includes(true)) return;
  throw new VerificationError('wrong-signature', 'None of the secrets made its signature, or the body was changed.');
}

function webhookOf(
  payload: Record<string, unknown>,
  headers: ReceivedHeaders,
  { id, type, time, data }: ReceivedDialect,
): Omit<Webhook, 'payload'> {
  const field = (name: string) => {
    const value = payload[name];
    if (typeof value === 'string') return value;
    throw invalid(name);
  };
  const timestamp = dateOf(payload[time]);
  if (!timestamp) throw invalid(time);
  return {
    id: 'header' in id ? headerOf(headers, id.header) : field(id.field),
    type: field(type),
    timestamp,
    data: payload[data],
  };
}

/** ISO 8601, or a number of seconds or milliseconds: no event is of the first months of 1970. */
function dateOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const date = new Date(typeof value === 'number' && value < SECONDS_END ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const SECONDS_END = 1e11;

function invalid(field: string): VerificationError {
  return new VerificationError('invalid-body', `The request is genuine, but its body has no valid \`${field}\`.`);
}
