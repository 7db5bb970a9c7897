/** What a connection may cost, whoever opened it. Times in milliseconds. */
export interface ConnectionLimits {
  /** For all headers of a request; the first ones from when the connection opens. */
  headersMs: number;
  /** For a whole request, its headers included. */
  requestMs: number;
  /** How often both are checked: they act that much later at most. */
  checkMs: number;
  /** Without a byte in either direction during a request: the client has stopped reading. */
  stalledMs: number;
  handshakeMs: number;
  /** At the same time. */
  connections: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 30_000,
  requestMs: 30_000,
  checkMs: 1000,
  stalledMs: 60_000,
  handshakeMs: 10_000,
  connections: 1000,
};
