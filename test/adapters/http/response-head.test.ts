import { expect, it } from 'vitest';

import { HeadReader, type ResponseHead } from '../../../lib/adapters/http/response-head.ts';

function headOf(...lines: string[]): ResponseHead {
  const [statusLine = '', ...headers] = lines;
  const reader = new HeadReader(statusLine);
  for (const header of headers) reader.take(header);
  return reader.end();
}

const OK = 'HTTP/1.1 200 OK';
const LENGTH = 'Content-Length: 2';

it.each([
  ['0.9', false],
  ['1.0', false],
  ['1.1', true],
  ['2.0', false],
])('HTTP/%s is read; that its connection serves again goes without saying: %s', (version, keepsAlive) => {
  expect(headOf(`HTTP/${version} 200 OK`, LENGTH)).toMatchObject({ statusCode: 200, keepsAlive });
  expect(headOf(`HTTP/${version} 200 OK`, 'Connection: keep-alive', LENGTH).keepsAlive).toBe(true);
});

it.each([['HTTP/1.2 200 OK'], ['HTTP/3.0 200 OK'], ['HTTP/1.1 20 OK'], ['HTTP/1.1 2000 OK'], ['http/1.1 200 OK']])(
  'no status line: %s',
  (line) => {
    expect(() => headOf(line)).toThrow('not valid HTTP');
  },
);

it.each([
  ['its end closes it', [OK]],
  ['one of several Connection headers says so', [OK, 'Connection: close', 'Connection: x', LENGTH]],
  ['its body ends with it, whatever it says', [OK, 'Connection: keep-alive']],
  ['a body is announced that must not be there, by its length', ['HTTP/1.1 204 No Content', LENGTH]],
  ['a body is announced that must not be there, in chunks', ['HTTP/1.1 304 X', 'Transfer-Encoding: chunked']],
])('a connection does not serve again when %s', (_when, lines) => {
  expect(headOf(...lines).keepsAlive).toBe(false);
});

it.each([
  ['timeout=5', 4000],
  ['Timeout=5, max=100', 4000],
  ['max=100,timeout=5', 4000],
  ['timeout=120', 119_000],
  ['timeout=0', 0],
  ['timeout=1', 0],
  ['xtimeout=5', undefined],
  ['max=100', undefined],
])('how long a connection may be idle, after Keep-Alive: %s: %s ms', (value, idleMs) => {
  expect(headOf(OK, `Keep-Alive: ${value}`, LENGTH).idleMs).toBe(idleMs);
});

it.each([
  ['chunked', 'chunked'],
  ['gzip,chunked', 'chunked'],
  ['chunked, gzip', 'until-end'],
  ['xchunked', 'until-end'],
])('a body in the coding %s ends: %s', (coding, kind) => {
  expect(headOf(OK, `Transfer-Encoding: ${coding}`).framing).toEqual({ kind });
});

it.each([
  ['Transfer-Encoding:'],
  ['Content-Length:'],
  ['Content-Length: -1'],
  ['Content-Length: 1, 1'],
  ['Content-Length: 0x10'],
  ['Content-Length: 9007199254740992'],
])('no framing: %s', (header) => {
  expect(() => headOf(OK, header)).toThrow('not valid HTTP');
});
