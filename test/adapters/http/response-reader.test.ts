import { expect, it } from 'vitest';

import { ResponseReader } from '../../../lib/adapters/http/response-reader.ts';

const KIB = 1024;
const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

function readerOf(text: string): ResponseReader {
  const reader = new ResponseReader(() => {});
  reader.read(Buffer.from(text, 'latin1'));
  return reader;
}

/** A head of so many bytes. */
function headOf(bytes: number, start: string, header = ''): string {
  const rest = `${start}${header}X-Filler: \r\n\r\n`;
  return `${start}${header}X-Filler: ${'y'.repeat(bytes - rest.length)}\r\n\r\n`;
}

const ofOk = (bytes: number) => headOf(bytes, OK, 'Content-Length: 0\r\n');
const interim = headOf(15 * KIB, 'HTTP/1.1 103 Early Hints\r\n');

it('a head of 16 KiB is read, and one byte more is too large', () => {
  expect(readerOf(ofOk(16 * KIB)).isWhole).toBe(true);
  expect(() => readerOf(ofOk(16 * KIB + 1))).toThrow('the response headers are too large');
});

it('all heads of a response together may have 48 KiB', () => {
  expect(readerOf(interim.repeat(3) + ofOk(3 * KIB)).isWhole).toBe(true);
  expect(() => readerOf(interim.repeat(3) + ofOk(3 * KIB + 1))).toThrow('too many bytes around its body');
});

it('what stands around the pieces of a body may have 8 KiB, beside the head', () => {
  const trailer = (bytes: number) => `0\r\nX-T: ${'y'.repeat(bytes - '0\r\nX-T: \r\n\r\n'.length)}\r\n\r\n`;
  const head = headOf(16 * KIB, OK, 'Transfer-Encoding: chunked\r\n');
  expect(readerOf(head + trailer(8 * KIB)).isWhole).toBe(true);
  expect(() => readerOf(head + trailer(8 * KIB + 1))).toThrow('too many bytes around its body');
});

it('the size of a chunk is a number that can be counted to', () => {
  expect(readerOf(`${CHUNKED}00fffffffffffff\r\nx`).isWhole).toBe(false);
  for (const size of ['10000000000000', '', ';a=b', '-1', '0x1'])
    expect(() => readerOf(`${CHUNKED}${size}\r\nx`), size).toThrow('not valid HTTP');
});

it.each([
  ['a status line', 'SSH-2.0-OpenSSH'],
  ['the size of a chunk', `${CHUNKED}zz`],
  ['the end of a chunk', `${CHUNKED}1\r\nab`],
])('what can become no %s is refused before the end of its line', (_what, text) => {
  expect(() => readerOf(text)).toThrow('not valid HTTP');
});
