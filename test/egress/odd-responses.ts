import type { Random } from '../../lib/ports/random.ts';

const STARTS = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 503\r\n',
  'HTTP/1.1 500 \r\n',
  'HTTP/1.0 404 Not Found\r\n',
  '\r\nHTTP/1.1 202 Accepted\r\n',
  'HTTP/1.1 204 No Content\r\n',
  'HTTP/1.1 304 Not Modified\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 429 Slow\r\n',
];
const HEADERS = [
  'X-A: b\r\n',
  'Retry-After: 120\r\n',
  'retry-after:\t5 \r\n',
  'Connection: close\r\n',
  'Connection: keep-alive\r\n',
  'Keep-Alive: timeout=5, max=100\r\n',
  'Server: \xe9t\xe9\r\n',
  'X-Empty:\r\n',
  'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'X-A : b\r\n',
  'X-Fold: a\r\n b\r\n',
];
const BODIES = [
  'Content-Length: 5\r\n\r\nhello',
  'content-length:5\r\n\r\nhello',
  'Content-Length: 0\r\n\r\n',
  'Content-Length: 7\r\n\r\nhello',
  'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'transfer-encoding: CHUNKED\r\n\r\n2;a=b\r\nhe\r\n0003\r\nllo\r\n0\r\nX-T: u\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n5\r\nhel',
  '\r\nhello until the end',
  'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello',
  'Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello',
];
const CHARACTERS = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '0',
  '1',
  '9',
  'f',
  'x',
  'H',
  '\0',
  '\x01',
  '\x7f',
  '\xff',
];

/** A response as servers send it, or one that is off by a few characters. latin1. */
export function oddResponse(random: Random): string {
  const headers = Array.from({ length: below(random, 4) }, () => pick(random, HEADERS));
  let text = [pick(random, STARTS), ...headers, pick(random, BODIES)].join('');
  const changes = below(random, 2) * below(random, 4);
  for (let change = 0; change < changes; change += 1) {
    const at = below(random, text.length + 1);
    const taken = below(random, 3);
    text = text.slice(0, at) + (below(random, 3) === 0 ? '' : pick(random, CHARACTERS)) + text.slice(at + taken);
  }
  return text;
}

/** The same text as it may arrive. */
export function inPieces(random: Random, text: string): string[] {
  const pieces = [];
  for (let at = 0; at < text.length;) {
    const end = at + 1 + below(random, below(random, 2) === 0 ? 3 : text.length);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

function below(random: Random, count: number): number {
  return Math.floor(random.fraction() * count);
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}
