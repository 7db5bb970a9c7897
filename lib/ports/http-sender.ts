import type { SendResult } from '../domain/outcome.ts';

export interface SendRequest {
  url: string;
  method: 'POST';
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** One deadline for the whole exchange: lookup, connection, request and answer. */
  timeoutMs: number;
  /** How many bytes of the answer's body to keep; the rest is dropped. */
  maxResponseBytes: number;
}

/** The one client that talks to customers. Never throws for what the other side does: that is a result. */
export interface HttpSender {
  send(request: SendRequest): Promise<SendResult>;
}
