import { checkUrl, literalAddress } from '../../domain/url-policy.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import { isAllowedAddress } from '../../domain/address-policy.ts';
import { framingHeader } from '../../domain/header-policy.ts';
import type { SendResult } from '../../domain/outcome.ts';
import type { HttpSender, SendRequest } from '../../ports/http-sender.ts';
import { createAgents } from './agents.ts';
import { blockedAddress, createCheckedLookup } from './checked-lookup.ts';
import { exchange } from './exchange.ts';
import type { Exchange, ExchangeResult } from './exchange.ts';
import { createResolveHost } from './resolve-host.ts';
import type { ResolveHost } from './resolve-host.ts';
import { failureOf, SendFailure } from './send-failure.ts';

export interface HttpSenderOptions extends UrlPolicy {
  /** Connections to one host at once, default 128: more than the deliveries that are under way together. */
  maxSockets?: number;
  /** Where names are resolved; what it answers is checked all the same. */
  lookup?: ResolveHost;
}

export interface ClosableHttpSender extends HttpSender {
  /** Waits for what is under way, then closes the connections. Later sends are refused. */
  close(): Promise<void>;
}

const DEFAULT_MAX_SOCKETS = 128;
const USER_AGENT = 'Postrider/1.0 (+webhooks)';

/**
 * The one client that talks to customers (DESIGN 7). Every address is checked where the socket connects. The deadline
 * holds for the whole exchange, with one mercy: an answer is complete once `maxResponseBytes` of its body are here, so
 * a 200 with an endless body is a success, and one whose body stalls before that is a timeout.
 *
 * `send` rejects with a ServiceFault when this machine is out of resources, and for nothing else.
 */
export function createHttpSender(options: HttpSenderOptions): ClosableHttpSender {
  const lookup = createCheckedLookup(options.lookup ?? createResolveHost(), options);
  const maxSockets = options.maxSockets ?? DEFAULT_MAX_SOCKETS;
  const pooled = createAgents({ lookup, maxSockets, keepAlive: true });
  const single = createAgents({ lookup, maxSockets, keepAlive: false });
  const underWay = new Set<Promise<SendResult>>();
  let closed = false;

  /** A second time only when an idle connection was stale, and then on a connection that cannot be. */
  const sendTo: SendTo = async (url, request, deadline) => {
    const call: Exchange = { url, request, headers: headersOf(request), agent: pooled.agentFor(url), deadline };
    const result = await exchange(call);
    if (result.kind === 'answer' || !result.stale) return result;
    return exchange({ ...call, agent: single.agentFor(url) });
  };

  return {
    async send(request) {
      if (closed) throw new Error('http: the sender is closed');
      const sending = sendTimed(request, options, sendTo);
      underWay.add(sending);
      return sending.finally(() => underWay.delete(sending));
    },
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
      pooled.destroy();
      single.destroy();
    },
  };
}

type SendTo = (url: URL, request: SendRequest, deadline: AbortSignal) => Promise<ExchangeResult>;

async function sendTimed(request: SendRequest, policy: UrlPolicy, sendTo: SendTo): Promise<SendResult> {
  const startedAt = performance.now();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), request.timeoutMs);
  try {
    const url = allowedUrl(request.url, policy);
    const result = await sendTo(url, request, deadline.signal);
    return toSendResult(result, elapsedMs(startedAt));
  } catch (error) {
    // A URL that is no longer allowed, or a header that cannot be written: nothing was sent.
    return failureResult(failureOf(error), elapsedMs(startedAt));
  } finally {
    clearTimeout(timer);
  }
}

function elapsedMs(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}

function toSendResult(result: ExchangeResult, durationMs: number): SendResult {
  if (result.kind === 'failure') return failureResult(result.failure, durationMs);
  const { statusCode, retryAfter, body } = result;
  return { kind: 'answer', statusCode, durationMs, ...(retryAfter !== undefined && { retryAfter }), body };
}

function failureResult({ kind, message }: SendFailure, durationMs: number): SendResult {
  return { kind: 'error', error: kind, message, durationMs };
}

/** @throws SendFailure */
function allowedUrl(text: string, policy: UrlPolicy): URL {
  const url = URL.parse(text);
  const address = url ? literalAddress(url) : undefined;
  if (address !== undefined && !isAllowedAddress(address, policy)) throw blockedAddress(address);
  const check = checkUrl(text, policy);
  if (!check.ok) throw new SendFailure('blocked_address', check.problem);
  return check.url;
}

/** The request's own headers, without what only the connection may say. */
function headersOf(request: SendRequest): Record<string, string> {
  const given = Object.entries(request.headers).filter(([name]) => !framingHeader(name));
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  return {
    ...(!names.has('user-agent') && { 'user-agent': USER_AGENT }),
    ...Object.fromEntries(given),
    'content-length': String(request.body.byteLength),
  };
}
