import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecurely, createSecureContext, type SecureContext } from 'node:tls';

import type { Target } from './target.ts';

/** A connection that has been begun, and the event that says that a request may be written. */
export interface Opening {
  socket: Socket;
  opened: 'connect' | 'secureConnect';
}

export type OpenSocket = (target: Target) => Opening;

/** How long one address may take to connect before the next is tried too. Node's default is too short for far hosts. */
const NEXT_ADDRESS_MS = 1000;
/** Of TLS, by host: a new connection to a known one is opened with less work on both sides. */
const MAX_SESSIONS = 1000;

/**
 * Begins connections. The environment's proxy variables are ignored, because a proxy would connect to addresses that
 * nobody has checked. TLS is always verified, whatever the environment says.
 */
export function createOpenSocket(lookup: LookupFunction): OpenSocket {
  const sessions = new Map<string, Buffer>();
  /** Takes 0.15 ms to make, and is the same for all. */
  let secureContext: SecureContext | undefined;
  return ({ origin, hostname, port, isSecure }) => {
    const common = {
      host: hostname,
      port,
      lookup,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    };
    if (!isSecure) return { socket: connectPlain(common), opened: 'connect' };
    secureContext ??= createSecureContext({ minVersion: 'TLSv1.2' });
    const socket = connectSecurely({
      ...common,
      secureContext,
      rejectUnauthorized: true,
      ...(isIP(hostname) === 0 && { servername: hostname }),
      session: sessions.get(origin),
    });
    socket.on('session', (session) => {
      if (sessions.size >= MAX_SESSIONS) sessions.clear();
      sessions.set(origin, session);
    });
    socket.on('error', () => sessions.delete(origin));
    return { socket, opened: 'secureConnect' };
  };
}
