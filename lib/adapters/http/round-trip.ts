import http from 'node:http';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

import { hostOf } from '../../domain/url-policy.ts';
import type { SendRequest } from '../../ports/http-sender.ts';
import type { Deadline } from './deadline.ts';
import { watchBudget } from './exchange-budget.ts';
import { readBody } from './response-body.ts';
import { codeOf, failureOf, SendFailure, timeoutFailure } from './send-failure.ts';

/** One request on one connection. */
export interface RoundTrip {
  url: URL;
  request: SendRequest;
  /** As sent, except `connection`: each name before its value. */
  headers: readonly string[];
  agent: Agent;
  deadline: Deadline;
}

export interface HttpResponse {
  kind: 'answer';
  statusCode: number;
  retryAfter: string | undefined;
  body: Uint8Array;
}

export interface Failed {
  kind: 'failure';
  failure: SendFailure;
  /** A reused connection was already closed, before any byte of a response: not the endpoint's failure. */
  stale: boolean;
}

export type RoundTripResult = HttpResponse | Failed;

/** Larger response headers are refused, whatever limit the process was started with. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Sends the request and reads the response. Redirects are not followed, bodies are not decompressed, a few interim
 * (1xx) responses are skipped.
 * @throws ServiceFault when this machine failed, rather than the endpoint
 */
export function roundTrip(call: RoundTrip): Promise<RoundTripResult> {
  return new Promise((resolve, reject) => {
    let responded = false;
    const request = openRequest(call);
    const settle = (result: RoundTripResult) => {
      call.deadline.ignore();
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
    // The request's own timeout event is no use here: it never fires while the request waits for a connection.
    const onDeadline = () => fail(timeoutFailure(call.request.timeoutMs, responded));
    const isStale = watchReuse(request);

    call.deadline.listen(onDeadline);
    request.on('error', (error) => fail(error, isStale(error)));
    watchBudget(request, fail);
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      fail(new SendFailure('invalid_response', 'the response switches protocols'));
    });
    request.on('response', (response) => {
      responded = true;
      response.on('error', (error) => fail(error));
      readBody(response, call.request.maxResponseBytes, (body) => settle(responseOf(response, body)));
    });
    request.end(call.request.body);
  });
}

function openRequest({ url, request, headers, agent }: RoundTrip): ClientRequest {
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

function responseOf({ statusCode = 0, headers }: IncomingMessage, body: Uint8Array): HttpResponse {
  return { kind: 'answer', statusCode, retryAfter: headers['retry-after'], body };
}

/**
 * Servers close idle connections, and a process that was frozen finds all of its own dead. A reset of a reused
 * connection before the first byte of a response means that, and is not the endpoint's failure.
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
