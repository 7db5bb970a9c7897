import { checkUrl, literalAddress } from '../../domain/url-policy.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import { isAllowedAddress } from '../../domain/address-policy.ts';
import { framingHeader } from '../../domain/header-policy.ts';
import type { SendResult } from '../../domain/outcome.ts';
import type { HttpSender, SendRequest } from '../../ports/http-sender.ts';
import { createAgents } from './agents.ts';
import { Deadline } from './deadline.ts';
import { blockedAddress, createCheckedLookup } from './checked-lookup.ts';
import { roundTrip } from './round-trip.ts';
import type { RoundTrip, RoundTripResult } from './round-trip.ts';
import { createResolveHost } from './resolve-host.ts';
import type { ResolveHost } from './resolve-host.ts';
import { failureOf, SendFailure } from './send-failure.ts';

export interface HttpSenderOptions extends UrlPolicy {
  /** Connections to one host at the same time. Default 128: more than the deliveries in flight at the same time. */
  maxSockets?: number;
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
const REMEMBERED_URLS = 10_000;
const USER_AGENT = 'Postrider/1.0 (+webhooks)';

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
  const maxSockets = options.maxSockets ?? DEFAULT_MAX_SOCKETS;
  const allowedUrl = createAllowedUrl(options);
  const pooled = createAgents({ lookup, maxSockets, keepAlive: true });
  const single = createAgents({ lookup, maxSockets, keepAlive: false });
  const inFlight = new Set<Promise<SendResult>>();
  let closed = false;

  /** Tries again only when a reused connection was stale, and then on a new connection. */
  const sendTo: SendTo = async (url, request, deadline) => {
    const call: RoundTrip = { url, request, headers: headersOf(url, request), agent: pooled.agentFor(url), deadline };
    const result = await roundTrip(call);
    if (result.kind === 'answer' || !result.stale) return result;
    return roundTrip({ ...call, agent: single.agentFor(url) });
  };

  return {
    async send(request) {
      if (closed) throw new Error('The HTTP sender is closed.');
      const sending = sendTimed(request, allowedUrl, sendTo);
      inFlight.add(sending);
      return sending.finally(() => inFlight.delete(sending));
    },
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
      pooled.destroy();
      single.destroy();
    },
  };
}

/** @throws SendFailure for a URL to which nothing may be sent */
type AllowedUrl = (text: string) => URL;
type SendTo = (url: URL, request: SendRequest, deadline: Deadline) => Promise<RoundTripResult>;

async function sendTimed(request: SendRequest, allowedUrl: AllowedUrl, sendTo: SendTo): Promise<SendResult> {
  const startedAt = performance.now();
  const deadline = new Deadline(request.timeoutMs);
  try {
    const url = allowedUrl(request.url);
    const result = await sendTo(url, request, deadline);
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

function toSendResult(result: RoundTripResult, durationMs: number): SendResult {
  if (result.kind === 'failure') return failureResult(result.failure, durationMs);
  const { statusCode, retryAfter, body } = result;
  return { kind: 'answer', statusCode, durationMs, ...(retryAfter !== undefined && { retryAfter }), body };
}

function failureResult({ kind, message, refusedAddress }: SendFailure, durationMs: number): SendResult {
  return { kind: 'error', error: kind, message, durationMs, ...(refusedAddress !== undefined && { refusedAddress }) };
}

/** Works out once what a URL is and that it is allowed, which neither time nor the network changes. */
function createAllowedUrl(policy: UrlPolicy): AllowedUrl {
  const known = new Map<string, URL>();
  return (text) => {
    const url = known.get(text) ?? checkedUrl(text, policy);
    if (known.size >= REMEMBERED_URLS) known.clear();
    known.set(text, url);
    return url;
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

/**
 * The request's own headers, without those that frame the message on its connection. As a list, which Node writes as it is:
 * it keeps no record of each.
 */
function headersOf(url: URL, request: SendRequest): string[] {
  const list = ['host', url.host];
  let hasUserAgent = false;
  for (const [name, value] of Object.entries(request.headers)) {
    if (framingHeader(name)) continue;
    hasUserAgent ||= name.toLowerCase() === 'user-agent';
    list.push(name, value);
  }
  if (!hasUserAgent) list.push('user-agent', USER_AGENT);
  list.push('content-length', String(request.body.byteLength));
  return list;
}
