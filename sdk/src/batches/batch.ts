const MAX_EVENTS = 100;
const MAX_BYTES = 1_048_576;
const HEAD = '{"events":[';
const TAIL = ']}';

/** An event of a batch, and its JSON as it is sent. */
export interface Part<Posted> {
  event: Posted;
  json: string;
  /** Of its JSON, and of the comma after it. */
  bytes: number;
}

const encoder = new TextEncoder();

/** Makes it safe to post again: an event without a key gets one. */
export function partOf<Posted extends { idempotency_key?: string | undefined }>(event: Posted): Part<Posted> {
  const keyed = { ...event, idempotency_key: event.idempotency_key ?? crypto.randomUUID() };
  const json = JSON.stringify(keyed);
  return { event: keyed, json, bytes: encoder.encode(json).length + 1 };
}

/** The events of one call: as many as the service takes. */
export class Batch<Item extends Part<unknown>> {
  readonly items: Item[] = [];
  /** The last event has no comma after it. */
  #bytes = HEAD.length + TAIL.length - 1;

  /** May this one be added? An event that is too large for any batch goes alone, and is refused by itself. */
  hasRoomFor({ bytes }: Item): boolean {
    return this.items.length === 0 || (this.items.length < MAX_EVENTS && this.#bytes + bytes <= MAX_BYTES);
  }

  add(item: Item): void {
    this.items.push(item);
    this.#bytes += item.bytes;
  }

  get isFull(): boolean {
    return this.items.length >= MAX_EVENTS || this.#bytes >= MAX_BYTES;
  }
}

/** The body of the call. */
export function bodyOf(parts: readonly Part<unknown>[]): string {
  return `${HEAD}${parts.map(({ json }) => json).join(',')}${TAIL}`;
}
