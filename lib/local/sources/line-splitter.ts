const LINE_FEED = 0x0a;

export interface Line {
  /** Without its line feed. Of one that is longer than `maxBytes`, the first `maxBytes` + 1. */
  bytes: Uint8Array;
  /** Bytes before it. */
  start: number;
  /** Bytes before the next one. */
  end: number;
}

/** Splits bytes into lines as they come, and keeps no more of a line than is asked for. */
export class LineSplitter {
  readonly #maxBytes: number;
  #start: number;
  #read: number;
  #kept: Uint8Array[] = [];

  /** @param offset of the first byte that will come */
  constructor(maxBytes: number, offset = 0) {
    this.#maxBytes = maxBytes;
    this.#start = offset;
    this.#read = offset;
  }

  /** Of the next byte that is to come. */
  get offset(): number {
    return this.#read;
  }

  /** The lines that end in these bytes. */
  push(bytes: Uint8Array): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      this.#keep(bytes.subarray(from, at));
      from = at + 1;
      this.#read += 1;
      lines.push(...this.flush());
    }
    this.#keep(bytes.subarray(from));
    return lines;
  }

  /** What has come since the last line feed; nothing more will. */
  flush(): Line[] {
    const line = { bytes: Buffer.concat(this.#kept), start: this.#start, end: this.#read };
    this.#kept = [];
    this.#start = this.#read;
    return line.end > line.start ? [line] : [];
  }

  #keep(bytes: Uint8Array): void {
    const kept = this.#kept.reduce((sum, { length }) => sum + length, 0);
    const room = this.#maxBytes + 1 - kept;
    if (room > 0 && bytes.length > 0) this.#kept.push(Uint8Array.from(bytes.subarray(0, room)));
    this.#read += bytes.length;
  }
}
