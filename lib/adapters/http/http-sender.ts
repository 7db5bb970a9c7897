import { checkUrl, literalAddress } from '../../domain/url-policy.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import { isAllowedAddress } from '../../domain/address-policy.ts';
import type { SendResult } from '../../domain/outcome.ts';
import type { HttpSender, SendRequest } from '../../ports/http-sender.ts';
import { blockedAddress, createCheckedLookup } from './checked-lookup.ts';
import type { Exchanged } from './connection.ts';
import { Connections } from './connections.ts';
import { Deadline } from './deadline.ts';
import { createOpenSocket } from './open-socket.ts';
import { createResolveHost } from './resolve-host.ts';
import type { ResolveHost } from './resolve-host.ts';
import { failureOf, SendFailure, timeoutFailure } from './send-failure.ts';
import { type Target, bytesOf, targetOf } from './target.ts';

export interface HttpSenderOptions extends UrlPolicy {
  /** Connections to one host at the same time. Default 128: more than the deliveries in flight at the same time. */
  maxSockets?: number;
  /** Connections that are kept open for the next request, to all hosts together. Default: any number. */
  maxIdle?: number;
  /** False: the network has no way out for IPv6. Default true. */
  ipv6?: boolean;
  /** Resolves host names. What it returns is checked like any other address. */
  lookup?: ResolveHost;
}

export interface ClosableHttpSender extends HttpSender {
  /** Waits for the requests in flight, then closes the connections. Later sends are refused. */
  close(): Promise<void>;
}

const DEFAULT_MAX_SOCKETS = 128;
/** As many as the endpoints of the largest tenant: with fewer, a fan-out to all of them would find none again. */
const REMEMBERED_TARGETS = 10_000;

/**
 * The only client that talks to customers. Every address is checked as the socket connects to it. The deadline covers the
 * whole round trip, with one exception: a response is complete once `maxResponseBytes` of its body have arrived. So a 200
 * with an endless body is a success, and one whose body stalls before that is a timeout.
 *
 * `send` rejects with a ServiceFault when this machine is out of resources, and for no other reason.
 */
export function createHttpSender(options: HttpSenderOptions): ClosableHttpSender {
  const lookup = createCheckedLookup(
    options.lookup ?? createResolveHost({ askSystem: options.allowLoopback, ipv6: options.ipv6 ?? true }),
    options,
  );
  const connections = new Connections({
    openSocket: createOpenSocket(lookup),
    maxPerHost: options.maxSockets ?? DEFAULT_MAX_SOCKETS,
    maxIdle: options.maxIdle ?? Number.POSITIVE_INFINITY,
  });
  const targets = createTargets(options);
  const inFlight = new Set<Promise<SendResult>>();
  let closed = false;

  return {
    async send(request) {
      if (closed) throw new Error('The HTTP sender is closed.');
      const sending = sendTimed(request, targets, connections);
      inFlight.add(sending);
      return sending.finally(() => inFlight.delete(sending));
    },
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
      connections.close();
    },
  };
}

/** @throws SendFailure for a URL to which nothing may be sent */
type Targets = (url: string) => Target;

interface Call {
  target: Target;
  bytes: readonly Uint8Array[];
  request: SendRequest;
  deadline: Deadline;
  /** On a connection that has not served before. */
  wantsFresh?: boolean;
}

/** Tries again only when a reused connection was stale, and then on a new connection. */
async function exchangeAgainIfStale(connections: Connections, call: Call): Promise<Exchanged> {
  const result = await exchange(connections, call);
  if (result.kind === 'answer' || !result.stale) return result;
  return exchange(connections, { ...call, wantsFresh: true });
}

/** @throws SendFailure when the deadline is over before there is a connection */
async function exchange(connections: Connections, call: Call): Promise<Exchanged> {
  const { target, bytes, request, deadline, wantsFresh } = call;
  const connection = connections.take(target, wantsFresh) ?? (await connections.whenFree(target, deadline, wantsFresh));
  if (!connection) throw timeoutFailure(request.timeoutMs, false);
  const exchanged = connection.carry(bytes, request.maxResponseBytes);
  deadline.listen(() => connection.abort(timeoutFailure(request.timeoutMs, connection.hasHead)));
  return exchanged;
}

async function sendTimed(request: SendRequest, targets: Targets, connections: Connections): Promise<SendResult> {
  const startedAt = performance.now();
  const deadline = new Deadline(request.timeoutMs);
  try {
    const target = targets(request.url);
    const call = { target, bytes: bytesOf(target, request), request, deadline };
    const result = await exchangeAgainIfStale(connections, call);
    return toSendResult(result, elapsedMs(startedAt));
  } catch (error) {
    // A URL that is no longer allowed, or a header that cannot be written: nothing was sent.
    return failureResult(failureOf(error), elapsedMs(startedAt));
  } finally {
    deadline.clear();
  }
}

function elapsedMs(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}

function toSendResult(result: Exchanged, durationMs: number): SendResult {
  if (result.kind === 'failure') return failureResult(result.failure, durationMs);
  const { statusCode, retryAfter, body } = result;
  return { kind: 'answer', statusCode, durationMs, ...(retryAfter !== undefined && { retryAfter }), body };
}

function failureResult({ kind, message, refusedAddress }: SendFailure, durationMs: number): SendResult {
  return { kind: 'error', error: kind, message, durationMs, ...(refusedAddress !== undefined && { refusedAddress }) };
}

/** Works out once what a URL is and that it is allowed, which neither time nor the network changes. */
function createTargets(policy: UrlPolicy): Targets {
  const known = new Map<string, Target>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered) return remembered;
    const target = targetOf(checkedUrl(text, policy));
    if (known.size >= REMEMBERED_TARGETS) known.clear();
    known.set(text, target);
    return target;
  };
}

/** @throws SendFailure */
function checkedUrl(text: string, policy: UrlPolicy): URL {
  const url = URL.parse(text);
  const address = url ? literalAddress(url) : undefined;
  if (address !== undefined && !isAllowedAddress(address, policy)) throw blockedAddress(address);
  const check = checkUrl(text, policy);
  if (!check.ok) throw new SendFailure('blocked_address', check.problem);
  return check.url;
}
