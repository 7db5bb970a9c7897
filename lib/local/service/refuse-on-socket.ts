import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiResponse } from '../../api/http/request-response.ts';
import type { Api } from '../../api/serve-route.ts';
import { RequestError } from '../../domain/errors.ts';
import type { ConnectionTurns } from './connection-turns.ts';

/**
 * Answers with a problem what Node's HTTP parser refuses before there is a request, once the requests before it are
 * answered. The connection is then closed.
 */
export function refuseOnSocket(server: Server, api: Api, turns: Pick<ConnectionTurns, 'afterWhole'>): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (isGone(error.code ?? '') || !socket.writable) socket.destroy();
    else {
      turns.afterWhole(socket, () => {
        if (socket.writable) socket.end(asText(api.refuse(parserRefusal(error), 'gateway')));
      });
    }
  });
  server.on('connect', (_, socket: Duplex) => {
    // Node has let go of the connection: its errors, what comes on it and its end are nobody else's. An error that nobody
    // listens for ends the process.
    const close = () => socket.destroy();
    socket.on('error', close).on('timeout', close).resume();
    turns.afterWhole(socket, () => {
      socket.end(asText(api.refuse(malformed('CONNECT is for proxies, which this is not'), 'gateway')), close);
    });
  });
}

/** The sender has closed the connection: there is nobody to answer. */
const GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']);

/** After a failed TLS handshake, too, nobody can read an answer. */
function isGone(code: string): boolean {
  return GONE.has(code) || /^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code);
}

/** By the codes of Node's errors ("Errors", `HPE_…` and `ERR_HTTP_…`). */
function parserRefusal({ code, message }: NodeJS.ErrnoException): RequestError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new RequestError('headers-too-large', 'The path or the headers are larger than 16 KiB: send less.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new RequestError('request-timeout', 'The request did not arrive within 30 s: send it again.');
  }
  return malformed(code === 'HPE_INVALID_METHOD' ? 'unknown method' : message);
}

/** For what can't be parsed as a request. @param why without a full stop */
export function malformed(why: string): RequestError {
  return new RequestError('malformed-request', `This is not a valid HTTP request (${why.slice(0, 100)}): correct it.`);
}

function asText({ status, headers, body = '' }: ApiResponse): string {
  const all = { ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
