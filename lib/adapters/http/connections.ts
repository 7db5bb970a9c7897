import { Connection, type Lender } from './connection.ts';
import type { Deadline } from './deadline.ts';
import type { OpenSocket } from './open-socket.ts';
import type { Target } from './target.ts';

/** Connections of one origin. */
interface Host {
  target: Target;
  /** Those that are not closed yet, whoever uses them. */
  open: Set<Connection>;
  /** The one that was used last is used next. */
  idle: { connection: Connection; until: number }[];
  /** Who waits for one, in their order. */
  waiting: Set<Waiting>;
}

interface Waiting {
  /** Only one that has not served before will do. */
  wantsFresh: boolean;
  give(connection: Connection): void;
}

export interface ConnectionsSettings {
  openSocket: OpenSocket;
  /** To one host at the same time. A request that finds none free waits, and its deadline runs. */
  maxPerHost: number;
  /** Idle ones to all hosts. For one more, that which has been idle for longest is closed. */
  maxIdle: number;
}

/** Below the 5 s after which common servers close idle connections; `Keep-Alive: timeout` can shorten it. */
const IDLE_MS = 4000;
/** How often those that were idle for too long are closed. */
const SWEEP_MS = 1000;

/** Lends connections to customers' servers, and keeps those that may be used again. */
export class Connections {
  readonly #settings: ConnectionsSettings;
  readonly #hosts = new Map<string, Host>();
  /** Those that are idle, in the order in which they became so. */
  readonly #idle = new Map<Connection, Host>();
  #sweeping: NodeJS.Timeout | undefined;

  constructor(settings: ConnectionsSettings) {
    this.#settings = settings;
  }

  /**
   * @param wantsFresh one that has not served before
   * @returns undefined: the host has as many as it may have, and none is idle
   */
  take(target: Target, wantsFresh = false): Connection | undefined {
    const host = this.#hostOf(target);
    const idle = wantsFresh ? undefined : takeIdle(host);
    if (idle) {
      this.#idle.delete(idle);
      return idle;
    }
    return host.open.size < this.#settings.maxPerHost ? this.#open(host) : undefined;
  }

  /** @returns undefined when the deadline is over before there is one */
  whenFree(target: Target, deadline: Deadline, wantsFresh = false): Promise<Connection | undefined> {
    const { waiting } = this.#hostOf(target);
    return new Promise((resolve) => {
      const mine: Waiting = { wantsFresh, give: resolve };
      waiting.add(mine);
      deadline.listen(() => {
        waiting.delete(mine);
        resolve(undefined);
      });
    });
  }

  /** Closes all of them, also one whose answer is known and whose response still comes. */
  close(): void {
    for (const { open } of this.#hosts.values()) for (const connection of open) connection.close();
  }

  #hostOf(target: Target): Host {
    const known = this.#hosts.get(target.origin);
    if (known) return known;
    const host: Host = { target, open: new Set(), idle: [], waiting: new Set() };
    this.#hosts.set(target.origin, host);
    return host;
  }

  #open(host: Host): Connection {
    const { socket, opened } = this.#settings.openSocket(host.target);
    const lender: Lender = {
      free: (connection, idleMs) => this.#free(host, connection, idleMs),
      gone: (connection) => this.#gone(host, connection),
    };
    const connection = new Connection(socket, opened, lender);
    host.open.add(connection);
    return connection;
  }

  #free(host: Host, connection: Connection, idleMs = IDLE_MS): void {
    const [next] = host.waiting;
    // One that is new takes its place.
    if (next?.wantsFresh) connection.close();
    else if (next) hand(connection, next, host);
    else if (idleMs === 0) connection.close();
    else {
      host.idle.push({ connection, until: performance.now() + Math.min(idleMs, IDLE_MS) });
      this.#idle.set(connection, host);
      this.#closeTooMany();
      this.#sweepLater();
    }
  }

  #closeTooMany(): void {
    if (this.#idle.size <= this.#settings.maxIdle) return;
    const [longest] = this.#idle;
    if (!longest) return;
    const [connection, host] = longest;
    // At once: until it is told that it is closed, somebody could be given it.
    this.#forgetIdle(host, connection);
    connection.close();
  }

  #forgetIdle(host: Host, connection: Connection): void {
    this.#idle.delete(connection);
    host.idle = host.idle.filter((idle) => idle.connection !== connection);
  }

  #gone(host: Host, connection: Connection): void {
    host.open.delete(connection);
    this.#forgetIdle(host, connection);
    const [next] = host.waiting;
    if (next) hand(this.#open(host), next, host);
    else if (host.open.size === 0) this.#hosts.delete(host.target.origin);
  }

  #sweepLater(): void {
    if (this.#sweeping) return;
    this.#sweeping = setTimeout(() => this.#sweep(), SWEEP_MS).unref();
  }

  #sweep(): void {
    this.#sweeping = undefined;
    const now = performance.now();
    for (const { idle } of this.#hosts.values())
      for (const { connection, until } of idle) if (until <= now) connection.close();
    const isAnyIdle = this.#hosts.values().some(({ idle }) => idle.length > 0);
    if (isAnyIdle) this.#sweepLater();
  }
}

function takeIdle({ idle }: Host): Connection | undefined {
  const now = performance.now();
  for (let last = idle.pop(); last; last = idle.pop()) {
    if (last.until > now) return last.connection;
    last.connection.close();
  }
  return undefined;
}

function hand(connection: Connection, next: Waiting, { waiting }: Host): void {
  waiting.delete(next);
  next.give(connection);
}
