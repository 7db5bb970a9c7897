const EMPTY = new Uint8Array();

/** How much is read beyond the limit, and in how many pieces, so that the connection can be used again. */
const DRAIN_BYTES = 64 * 1024;
const DRAIN_PIECES = 64;

/** The first bytes of a body. */
export class KeptBody {
  readonly #maxBytes: number;
  readonly #pieces: Buffer[] = [];
  #received = 0;
  #drained = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  take(piece: Buffer): void {
    if (this.isFull) this.#drained += 1;
    else this.#pieces.push(piece.subarray(0, this.#maxBytes - this.#received));
    this.#received += piece.length;
  }

  /** Nothing more of it is kept. */
  get isFull(): boolean {
    return this.#received >= this.#maxBytes;
  }

  /** It is longer, or comes in smaller pieces, than it is worth to wait for its end. */
  get isTooMuch(): boolean {
    return this.#received > this.#maxBytes + DRAIN_BYTES || this.#drained > DRAIN_PIECES;
  }

  /** A copy: the pieces belong to the large buffers that they were read into. */
  bytes(): Uint8Array {
    return this.#pieces.length === 0 ? EMPTY : new Uint8Array(Buffer.concat(this.#pieces));
  }
}
