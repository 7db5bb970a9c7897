import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';

/** Connections to customers, plain and TLS. */
export interface Agents {
  agentFor(url: URL): http.Agent;
  /** Closes every connection. */
  destroy(): void;
}

export interface AgentSettings {
  lookup: LookupFunction;
  /** Connections to one host at the same time. A request that finds none free waits, and its deadline runs. */
  maxSockets: number;
  /** False: each request gets a connection of its own. */
  keepAlive: boolean;
}

/** Below the 5 s after which common servers close idle connections; `Keep-Alive: timeout` can shorten it. */
const IDLE_MS = 4000;
/** As many as one receiver gets at a time under load: with fewer, connections are closed and opened all the while. */
const MAX_IDLE_PER_HOST = 128;
/** How long one address may take to connect before the next is tried too. Node's default is too short for far hosts. */
const NEXT_ADDRESS_MS = 1000;

/**
 * The environment's proxy variables are ignored (no `proxyEnv`), because a proxy would connect to addresses that nobody
 * has checked. TLS is always verified, whatever the environment says.
 */
export function createAgents({ lookup, maxSockets, keepAlive }: AgentSettings): Agents {
  const connection = {
    lookup,
    maxSockets,
    keepAlive,
    maxFreeSockets: MAX_IDLE_PER_HOST,
    timeout: IDLE_MS,
    scheduling: 'lifo' as const,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
  };
  const plain = new http.Agent(connection);
  const secure = new https.Agent({ ...connection, rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  return {
    agentFor: (url) => (url.protocol === 'https:' ? secure : plain),
    destroy() {
      plain.destroy();
      secure.destroy();
    },
  };
}
