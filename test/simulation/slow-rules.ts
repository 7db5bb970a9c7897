import type { SlowNote } from '../../lib/ports/endpoint-store.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { readDeliveryMessage } from '../../lib/domain/message.ts';
import type { Evidence, SeenRequest } from './evidence.ts';
import type { GatedProcess } from './gate.ts';

const SLOW_MS = 3000;
/** Two slow answers at least. */
const FEWEST = 2;
/** Dispatch acts on a reading that may be a second old, and the request takes a moment to leave. */
const GRACE = 2000;
/** What was read before slow calls may be this old when the message is sent on. */
const SLOW_CALLS = 60_000;

/** Seconds for which a delivery without a place is hidden; a fault of ours takes longer. */
const LONGEST_GIVEN_BACK = 16;

interface Noted {
  at: number;
  generation: number;
  until: number;
}

/** 17: what is slow is kept apart from what is not, and nothing else is. */
export class SlowRules {
  readonly #seen: Evidence;
  readonly #perEndpoint: number;
  readonly #notes = new Map<string, Noted>();
  readonly #inFlight = new Map<string, number>();

  /** @param perEndpoint how many requests one process may have in flight to an endpoint */
  constructor(evidence: Evidence, perEndpoint: number) {
    this.#seen = evidence;
    this.#perEndpoint = perEndpoint;
  }

  noted({ endpointId, generation, until }: SlowNote, now: number): void {
    const isSlow = ({ answeredAt, receivedAt }: SeenRequest) => (answeredAt ?? 0) - receivedAt >= SLOW_MS;
    const slow = this.#seen.requests.filter((one) => one.endpointId === endpointId && isSlow(one)).length;
    if (slow < FEWEST) this.#seen.fail(17, `${endpointId} is noted as slow after ${slow} slow answers`, now);
    this.#notes.set(endpointId, { at: now, generation, until });
  }

  cleared({ endpointId }: Pick<SlowNote, 'endpointId'>, now: number): void {
    const note = this.#notes.get(endpointId);
    if (note) this.#notes.set(endpointId, { ...note, until: Math.min(note.until, now) });
  }

  /** A message is sent to slow. */
  handedOver(body: string, now: number): void {
    const parsed = readDeliveryMessage(body);
    if (parsed.kind !== 'pointer') return;
    const { endpointId } = parsed.pointer;
    const until = this.#notes.get(endpointId)?.until;
    if (until === undefined) this.#seen.fail(17, `${endpointId} is handed to slow and was never noted as slow`, now);
    else if (now - until > SLOW_CALLS)
      this.#seen.fail(17, `${endpointId} is handed to slow ${now - until} ms after its note has ended`, now);
  }

  /** A process that works on one message has all its places: it gives none back that is due. */
  hidden(body: string, seconds: number, process: GatedProcess | undefined, now: number): void {
    if (process?.task !== 'dispatch' || process.batch !== 1 || seconds < 1 || seconds > LONGEST_GIVEN_BACK) return;
    const parsed = readDeliveryMessage(body);
    if (parsed.kind !== 'pointer') return;
    const known = this.#seen.records.get(deliveryId(parsed.pointer));
    // One that another process has brought to its end meanwhile is not due; without a record it is due at once.
    if (known && known.record.dueAt === undefined) return;
    if (now - (known?.record.dueAt ?? 0) > SLOW_CALLS)
      this.#seen.fail(17, `${process.name} gives back the only message that it has`, now);
  }

  /** @returns what ends the request */
  requested(endpointId: string, process: GatedProcess | undefined, now: number): () => void {
    if (process?.queue !== 'deliveries' && process?.queue !== 'retries') return () => {};
    const key = `${process.instance} ${endpointId}`;
    const count = (this.#inFlight.get(key) ?? 0) + 1;
    this.#inFlight.set(key, count);
    if (count > this.#perEndpoint) this.#seen.fail(17, `${count} requests to ${endpointId} in one process`, now);
    this.#judgeNote(endpointId, process.queue, now);
    return () => this.#inFlight.set(key, (this.#inFlight.get(key) ?? 1) - 1);
  }

  #judgeNote(endpointId: string, queue: string, now: number): void {
    const note = this.#notes.get(endpointId);
    const present = this.#seen.versionsOf(endpointId).at(-1)?.endpoint.generation;
    if (!note || note.generation !== present || now >= note.until || now - note.at <= GRACE) return;
    this.#seen.fail(17, `a request to ${endpointId} from ${queue} ${now - note.at} ms after it was noted as slow`, now);
  }
}
