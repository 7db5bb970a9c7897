import { HeadReader, type ResponseHead, headerOf, invalidResponse, isInterim } from './response-head.ts';

/** Interim (1xx) responses before the final one. Servers send one or two. */
export const MAX_INTERIM = 10;
/** Reads from the socket. Responses that we keep a few KB of come in one or two. */
export const MAX_READS = 1000;
/** Of one head: the status line and the headers. */
const MAX_HEAD_BYTES = 16 * 1024;
/** Of all heads: that of the response, and those of the interim responses before it. */
const MAX_ALL_HEADS_BYTES = 48 * 1024;
/** Between and after the pieces of the body: the framing of chunks, and trailers. */
const MAX_FRAMING_BYTES = 8 * 1024;

const NOTHING = Buffer.alloc(0);
const LINE_FEED = 0x0a;
const CHUNK_SIZE = /^0*([0-9a-f]{0,13})(?:;.+)?$/i;

/** What the beginning of a line may be, of those lines that would otherwise be waited for although no end can mend them. */
const BEGINNINGS: Partial<Record<Part, RegExp>> = {
  status: /^(?:H|HT|HTT|HTTP|HTTP\/.*)?\r?$/,
  'chunk-size': /^(?:[0-9a-f]+(?:;.*)?)?\r?$/i,
  'chunk-end': /^\r$/,
};

type Part = 'status' | 'headers' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'until-end' | 'whole';

/**
 * Reads one response from the bytes of its connection, and no further than its end: interim responses are skipped, a body
 * is told as it comes.
 *
 * The deadline bounds the time of an exchange; this bounds the work. A server that sends responses without end, or in the
 * smallest pieces, would otherwise take a processor from everybody else until its deadline.
 */
export class ResponseReader {
  readonly #onBody: (piece: Buffer) => void;
  #part: Part = 'status';
  #reading: HeadReader | undefined;
  #head: ResponseHead | undefined;
  #bytes: Buffer = NOTHING;
  #at = 0;
  /** The beginning of a line whose end has not arrived. */
  #held = '';
  /** Of the body, or of the chunk. */
  #left = 0;
  readonly #spent = { reads: 0, interim: 0, head: 0, allHeads: 0, framing: 0 };

  /** @param onBody gets the body piece by piece */
  constructor(onBody: (piece: Buffer) => void) {
    this.#onBody = onBody;
  }

  /** The final one; undefined until it is whole. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  get isWhole(): boolean {
    return this.#part === 'whole';
  }

  /** Something of it has arrived. */
  get hasBegun(): boolean {
    return this.#spent.reads > 0;
  }

  /**
   * @returns how many of the bytes come after its end
   * @throws SendFailure when it is not valid HTTP, or takes too much work
   */
  read(bytes: Buffer): number {
    this.#spent.reads += 1;
    if (this.#spent.reads > MAX_READS) throw invalidResponse('the response comes in too many pieces');
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length && !this.isWhole) this.#readOn();
    return bytes.length - this.#at;
  }

  /** The server has ended the connection. @returns false: before the end of the response */
  end(): boolean {
    if (this.#part === 'until-end') this.#part = 'whole';
    return this.isWhole;
  }

  #readOn(): void {
    switch (this.#part) {
      case 'body':
      case 'chunk':
        return this.#takeCounted(this.#part);
      case 'until-end':
        return this.#takeBody(this.#bytes.length);
      default: {
        const line = this.#line();
        if (line !== undefined) this.#takeLine(line);
      }
    }
  }

  #takeLine(line: string): void {
    switch (this.#part) {
      case 'status':
        // Empty lines before it are skipped (RFC 9112, 2.2).
        if (line === '') return;
        this.#reading = new HeadReader(line);
        this.#part = 'headers';
        return;
      case 'headers':
        if (line === '') this.#endHead();
        else this.#reading?.take(line);
        return;
      case 'chunk-size':
        this.#left = sizeOfChunk(line);
        this.#part = this.#left === 0 ? 'trailers' : 'chunk';
        return;
      case 'chunk-end':
        if (line !== '') throw invalidResponse();
        this.#part = 'chunk-size';
        return;
      case 'trailers':
        if (line === '') this.#part = 'whole';
        else headerOf(line);
    }
  }

  #endHead(): void {
    const head = this.#reading?.end();
    if (!head) return;
    this.#spent.head = 0;
    if (head.statusCode === 101) throw invalidResponse('the response switches protocols');
    if (isInterim(head.statusCode)) {
      this.#spent.interim += 1;
      if (this.#spent.interim > MAX_INTERIM) throw invalidResponse('too many interim responses');
      this.#part = 'status';
      return;
    }
    this.#head = head;
    const { framing } = head;
    if (framing.kind === 'until-end') this.#part = 'until-end';
    else if (framing.kind === 'chunked') this.#part = 'chunk-size';
    else {
      this.#left = framing.bytes;
      this.#part = framing.bytes === 0 ? 'whole' : 'body';
    }
  }

  #takeCounted(part: 'body' | 'chunk'): void {
    const length = Math.min(this.#left, this.#bytes.length - this.#at);
    this.#left -= length;
    if (this.#left === 0) this.#part = part === 'body' ? 'whole' : 'chunk-end';
    this.#takeBody(this.#at + length);
  }

  #takeBody(end: number): void {
    const piece = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    this.#onBody(piece);
  }

  /** @returns it without its end; undefined when that has not arrived */
  #line(): string | undefined {
    const end = this.#bytes.indexOf(LINE_FEED, this.#at);
    const next = end < 0 ? this.#bytes.length : end + 1;
    const text = this.#held + this.#bytes.toString('latin1', this.#at, next);
    this.#spend(next - this.#at);
    this.#at = next;
    this.#held = end < 0 ? text : '';
    if (end < 0) {
      if (BEGINNINGS[this.#part]?.test(text) === false) throw invalidResponse();
      return undefined;
    }
    if (!text.endsWith('\r\n')) throw invalidResponse();
    return text.slice(0, -2);
  }

  #spend(bytes: number): void {
    const spent = this.#spent;
    if (this.#head) spent.framing += bytes;
    else {
      spent.head += bytes;
      spent.allHeads += bytes;
    }
    if (spent.head > MAX_HEAD_BYTES) throw invalidResponse('the response headers are too large');
    if (spent.allHeads > MAX_ALL_HEADS_BYTES || spent.framing > MAX_FRAMING_BYTES)
      throw invalidResponse('the response has too many bytes around its body');
  }
}

/** @throws SendFailure */
function sizeOfChunk(line: string): number {
  const digits = CHUNK_SIZE.exec(line)?.[1];
  // Zero has no digits left, but has to have one.
  if (digits === undefined || !/^[0-9a-f]/i.test(line)) throw invalidResponse();
  return Number.parseInt(`0${digits}`, 16);
}
