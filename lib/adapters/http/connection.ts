import type { Socket } from 'node:net';

import { KeptBody } from './kept-body.ts';
import type { ResponseHead } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';
import { codeOf, failureOf, SendFailure } from './send-failure.ts';

export interface HttpResponse {
  kind: 'answer';
  statusCode: number;
  retryAfter: string | undefined;
  body: Uint8Array;
}

export interface Failed {
  kind: 'failure';
  failure: SendFailure;
  /** A connection that had served before was already closed, before any byte of a response: not the endpoint's failure. */
  stale: boolean;
}

export type Exchanged = HttpResponse | Failed;

/** Who lends connections. */
export interface Lender {
  /** It may carry another exchange, for so long (milliseconds; undefined: the server did not say). */
  free(connection: Connection, idleMs: number | undefined): void;
  /** It is closed. */
  gone(connection: Connection): void;
}

interface Exchange {
  reader: ResponseReader;
  body: KeptBody;
  resolve(result: Exchanged): void;
  reject(fault: unknown): void;
  isSettled: boolean;
  /** Something came after the end of the response. */
  hasMore: boolean;
}

/** How long the rest of a body that is longer than what is kept may take, so that the connection can be used again. */
const DRAIN_MS = 500;

/** A connection to a customer's server. It carries one exchange at a time. */
export class Connection {
  readonly #socket: Socket;
  readonly #lender: Lender;
  #exchange: Exchange | undefined;
  #hasServed = false;
  #isOpen = false;
  /**
   * The request, while the connection is not open. Node holds back what is written before a certificate has been checked,
   * but does not promise it.
   */
  #unsent: readonly Uint8Array[] | undefined;
  #draining: NodeJS.Timeout | undefined;

  /**
   * @param socket it begins to connect
   * @param opened the event after which a request may be written: with TLS, the server's certificate has been checked
   */
  constructor(socket: Socket, opened: 'connect' | 'secureConnect', lender: Lender) {
    this.#socket = socket;
    this.#lender = lender;
    socket.once(opened, () => this.#open());
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('end', () => this.#end());
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => {
      this.#fail(closedEarly());
      this.#lender.gone(this);
    });
  }

  /**
   * Sends a request and reads its response. What becomes of the connection is told to its lender.
   * @param request its bytes, head and body, in pieces
   * @param maxBytes of the response's body. It is complete once so many have arrived.
   * @returns rejects with a ServiceFault when this machine failed, rather than the endpoint
   */
  carry(request: readonly Uint8Array[], maxBytes: number): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      const body = new KeptBody(maxBytes);
      const reader = new ResponseReader((piece) => body.take(piece));
      this.#exchange = { reader, body, resolve, reject, isSettled: false, hasMore: false };
      // Between its promise to a request that waited and now, for example because this machine had no socket for it.
      if (this.#socket.destroyed) this.#fail(this.#socket.errored ?? closedEarly());
      else if (this.#isOpen) this.#write(request);
      else this.#unsent = request;
    });
  }

  /** Gives up the exchange and the connection. @param failure what the exchange comes to, unless it has been settled */
  abort(failure: SendFailure): void {
    this.#fail(failure);
  }

  /** The head of the response has arrived, and not all of its body. */
  get hasHead(): boolean {
    return this.#exchange?.reader.head !== undefined;
  }

  close(): void {
    this.#socket.destroy();
  }

  #open(): void {
    this.#isOpen = true;
    // The process does not wait for a connection that nobody uses. Who uses one has a deadline, which it does wait for.
    this.#socket.unref();
    if (this.#unsent) this.#write(this.#unsent);
    this.#unsent = undefined;
  }

  /** At once, however many pieces. */
  #write(pieces: readonly Uint8Array[]): void {
    if (pieces.length > 1) this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    if (pieces.length > 1) this.#socket.uncork();
  }

  #read(bytes: Buffer): void {
    const exchange = this.#exchange;
    // Nobody has asked.
    if (!exchange) return this.close();
    try {
      exchange.hasMore = exchange.reader.read(bytes) > 0;
      this.#lookAt(exchange);
    } catch (error) {
      // What is kept of a body may have come before the fault.
      this.#lookAt(exchange);
      this.#fail(error);
    }
  }

  #lookAt(exchange: Exchange): void {
    const { reader, body } = exchange;
    const { head } = reader;
    if (!head) return;
    if (!exchange.isSettled && (reader.isWhole || body.isFull)) {
      this.#answer(exchange, head);
    }
    if (reader.isWhole) this.#finish(exchange, head);
    else if (body.isTooMuch) this.close();
    else if (exchange.isSettled) this.#draining ??= setTimeout(() => this.close(), DRAIN_MS);
  }

  #answer(exchange: Exchange, { statusCode, retryAfter }: ResponseHead): void {
    exchange.isSettled = true;
    exchange.resolve({ kind: 'answer', statusCode, retryAfter, body: exchange.body.bytes() });
  }

  #finish({ hasMore }: Exchange, { keepsAlive, idleMs }: ResponseHead): void {
    clearTimeout(this.#draining);
    this.#draining = undefined;
    this.#exchange = undefined;
    this.#hasServed = true;
    const isClean = keepsAlive && !hasMore && this.#socket.writableLength === 0;
    if (isClean) this.#lender.free(this, idleMs);
    else this.close();
  }

  #end(): void {
    const exchange = this.#exchange;
    if (exchange?.reader.end()) this.#lookAt(exchange);
    else this.#fail(closedEarly());
  }

  #fail(error: unknown): void {
    clearTimeout(this.#draining);
    this.close();
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (!exchange) return;
    // Servers close idle connections, and a process that was frozen finds all of its own dead.
    const stale = this.#hasServed && !exchange.reader.hasBegun && ['ECONNRESET', 'EPIPE'].includes(codeOf(error));
    try {
      exchange.resolve({ kind: 'failure', failure: failureOf(error), stale });
    } catch (fault) {
      exchange.reject(fault);
    }
  }
}

function closedEarly(): Error {
  return Object.assign(new Error('closed before the response was complete'), { code: 'ECONNRESET' });
}
