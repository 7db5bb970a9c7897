import type { ReceivedMessage } from './message.ts';
import { type SeenIds, once } from './seen-ids.ts';
import { VerificationError, type VerificationErrorCode } from './verification-error.ts';
import { type Secrets, type VerifyOptions, type Webhook, verify } from './verify.ts';

export interface ReceiverOptions extends Omit<VerifyOptions, 'now'> {
  /** A function is asked for each request: where secrets are read from a store, or one of several endpoints is meant. */
  secrets: Secrets | (() => Secrets | Promise<Secrets>);
  /** Drops what was handled already. Without it the handler must bear duplicates. */
  seen?: SeenIds;
  /** The largest body that is read. The default is 1 MiB. */
  maxBytes?: number;
  /** Is told of each request that is refused. */
  onRefused?: (error: VerificationError) => void;
}

/** What is done with a genuine webhook. When it throws, the sender tries again later. */
export type Handler<Events extends object> = (webhook: Webhook<Events>) => unknown;

/** The answer to the sender. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export const DEFAULT_MAX_BYTES = 1_048_576;

const STATUS_OF: Readonly<Record<VerificationErrorCode, number>> = {
  'missing-header': 400,
  'malformed-header': 400,
  'invalid-body': 400,
  'too-old': 401,
  'too-new': 401,
  'wrong-signature': 401,
  'too-large': 413,
};

/** Another instance has it in hand: what it makes of it is not known yet. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Verifies a request, hands the webhook over, and says what to answer. What every adapter does.
 * @param read gives the request, with its body as far as `maxBytes`
 * @throws whatever the handler throws, and the faults of the receiver: the framework answers 500
 */
export async function receive<Events extends object>(
  read: () => ReceivedMessage | Promise<ReceivedMessage>,
  { secrets, seen, onRefused, ...options }: ReceiverOptions,
  handler: Handler<Events>,
): Promise<Reply> {
  let webhook: Webhook<Events>;
  try {
    webhook = await verify<Events>(await read(), typeof secrets === 'function' ? await secrets() : secrets, options);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    onRefused?.(error);
    return replyOf(STATUS_OF[error.code], error.code);
  }
  if (!seen) {
    await handler(webhook);
    return replyOf(204);
  }
  const outcome = await once(seen, webhook.id, () => handler(webhook));
  if (outcome !== 'running') return replyOf(204);
  return replyOf(409, 'running', { 'retry-after': String(RETRY_AFTER_SECONDS) });
}

function replyOf(status: number, body = '', headers: Record<string, string> = {}): Reply {
  return { status, headers: { ...(body !== '' && { 'content-type': 'text/plain' }), ...headers }, body };
}
