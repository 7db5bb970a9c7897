import http from 'node:http';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

import { hostOf } from '../../domain/url-policy.ts';
import type { SendRequest } from '../../ports/http-sender.ts';
import { readBody } from './answer-body.ts';
import { codeOf, failureOf, SendFailure, timeoutFailure } from './send-failure.ts';

/** One request on one connection. */
export interface Exchange {
  url: URL;
  request: SendRequest;
  /** As they go out, but for `host` and `connection`. */
  headers: Record<string, string>;
  agent: Agent;
  /** Aborted when the time for the whole exchange is over. */
  deadline: AbortSignal;
}

export interface Answer {
  kind: 'answer';
  statusCode: number;
  retryAfter: string | undefined;
  body: Uint8Array;
}

export interface Failed {
  kind: 'failure';
  failure: SendFailure;
  /** An idle connection turned out to be closed, before any byte of an answer: no failure of the endpoint. */
  stale: boolean;
}

export type ExchangeResult = Answer | Failed;

/** Larger header blocks are refused, whatever the process was started with. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Sends the request and reads the answer: no redirects, no decompression, interim (1xx) answers skipped.
 *
 * @throws ServiceFault when this machine, not the other side, failed
 */
export function exchange(call: Exchange): Promise<ExchangeResult> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = openRequest(call);
    const settle = (result: ExchangeResult) => {
      call.deadline.removeEventListener('abort', onDeadline);
      resolve(result);
    };
    const fail = (error: unknown, stale = false) => {
      request.destroy();
      try {
        settle({ kind: 'failure', failure: failureOf(error), stale });
      } catch (fault) {
        reject(fault);
      }
    };
    // Not left to the request's own events: one that still waits for a connection would not tell.
    const onDeadline = () => fail(timeoutFailure(call.request.timeoutMs, answered));
    const isStale = watchReuse(request);

    call.deadline.addEventListener('abort', onDeadline);
    request.on('error', (error) => fail(error, isStale(error)));
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      fail(new SendFailure('invalid_response', 'the answer switches protocols'));
    });
    request.on('response', (answer) => {
      answered = true;
      answer.on('error', (error) => fail(error));
      readBody(answer, call.request.maxResponseBytes, (body) => settle(answerOf(answer, body)));
    });
    request.end(call.request.body);
  });
}

function openRequest({ url, request, headers, agent }: Exchange): ClientRequest {
  return (url.protocol === 'https:' ? https : http).request({
    agent,
    protocol: url.protocol,
    hostname: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
}

function answerOf(answer: IncomingMessage, body: Uint8Array): Answer {
  return { kind: 'answer', statusCode: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], body };
}

/**
 * Servers close idle connections, and a frozen process finds all of its own dead. A reset of a reused connection before
 * the first byte of an answer is that, and no failure of the endpoint.
 */
function watchReuse(request: ClientRequest): (error: unknown) => boolean {
  let socket: Socket | undefined;
  let bytesBefore = 0;
  request.once('socket', (its) => {
    socket = its;
    bytesBefore = its.bytesRead;
  });
  return (error) =>
    request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error)) && socket?.bytesRead === bytesBefore;
}
