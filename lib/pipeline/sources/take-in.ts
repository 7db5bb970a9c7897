import { RequestError, ServiceFault } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RefusedMessages } from '../../ports/refused-messages.ts';
import type { BatchResult, Ingest, IngestRequest } from '../ingest/ingest.ts';

/** A message of a source, as it was received. */
export interface SourceMessage {
  /** The source's own id of it: the same each time that it is received. */
  id: string;
  /** Bytes where nobody has decoded them yet. */
  body: string | Uint8Array;
  /** How often it has been received, this time included. */
  receiveCount: number;
}

/** Where events come from, other than the API. */
export interface Source {
  name: string;
  /** @throws RequestError for what can't be an event */
  read(message: SourceMessage): IngestRequest;
}

/** Answers the ids of the messages that must come back; the others are to be acknowledged. */
export type TakeIn = (source: Source, messages: readonly SourceMessage[]) => Promise<string[]>;

type TakingIn = Pick<Ports, 'log'> & { refused: RefusedMessages };

/** The receive at which a message that Postrider itself fails on, rather than a service, is refused. */
const MOST_FAILURES = 5;

/**
 * Posts what a source says. A message is acknowledged only after its event is accepted, or after it is kept among the
 * refused ones; whatever else happens, it comes back (docs/sources.md).
 */
export function createTakeIn(taking: TakingIn, ingest: Pick<Ingest, 'batch'>): TakeIn {
  return async (source, messages) => {
    const results = await post(ingest, source, messages);
    const kept = messages.map(async (message, index) => {
      const result = results[index] as BatchResult;
      return 'error' in result && (await mustComeBack(taking, source, message, result.error)) ? [message.id] : [];
    });
    return (await Promise.all(kept)).flat();
  };
}

/** One batch: what the tenants' endpoints are is read once, and the messages of all events go out together. */
async function post(
  ingest: Pick<Ingest, 'batch'>,
  source: Source,
  messages: readonly SourceMessage[],
): Promise<BatchResult[]> {
  const requests = messages.map((message) => readOne(source, message));
  const readable = requests.filter((request): request is IngestRequest => !('error' in request));
  const results = await ingest.batch(readable).catch((error: unknown) => readable.map(() => ({ error })));
  return requests.map((request) => ('error' in request ? request : (results.shift() as BatchResult)));
}

function readOne(source: Source, message: SourceMessage): IngestRequest | { error: unknown } {
  try {
    return source.read(message);
  } catch (error) {
    return { error };
  }
}

/** False: it is kept among the refused ones, or there is nothing to keep. */
async function mustComeBack(
  taking: TakingIn,
  source: Source,
  message: SourceMessage,
  error: unknown,
): Promise<boolean> {
  const named = { source: source.name, message_id: message.id };
  if (error instanceof RequestError && error.retryAfterSeconds !== undefined) {
    taking.log.info('source.waiting', { ...named, code: error.code });
    return true;
  }
  const code = error instanceof RequestError ? error.code : 'unexpected';
  if (code === 'unexpected') {
    taking.log.error('source.fault', error, { ...named, receive_count: message.receiveCount });
    if (error instanceof ServiceFault || message.receiveCount < MOST_FAILURES) return true;
  }
  return !(await refuse(taking, source, message, code, error));
}

/** Answers whether the message is done with. Nothing more is stored of an erased tenant, this neither (invariant 20). */
async function refuse(
  { log, refused }: TakingIn,
  { name: source }: Source,
  { id: messageId, body }: SourceMessage,
  code: string,
  error: unknown,
): Promise<boolean> {
  const named = { source, message_id: messageId, code };
  try {
    if (code !== 'tenant-erased') {
      const why = error instanceof Error ? error.message : String(error);
      await refused.put({ source, messageId, body: typeof body === 'string' ? body : textOf(body), code, why });
    }
    log.warn('source.refused', named);
    return true;
  } catch (cause) {
    log.error('source.not-refused', cause, named);
    return false;
  }
}

/** What is no UTF-8 is replaced: it can't be an event anyway. */
function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}
