import type { SendResult } from '../domain/outcome.ts';

export interface SendRequest {
  url: string;
  method: 'POST';
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** One deadline for everything: lookup, connection, request and response. */
  timeoutMs: number;
  /** How many bytes of the response body to keep; the rest is dropped. */
  maxResponseBytes: number;
}

/** The only client that talks to customers. An endpoint's failure is a result, never an exception. */
export interface HttpSender {
  send(request: SendRequest): Promise<SendResult>;
}
