import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What an attempt at a hostile server may come to. */
export type Ending = 'success' | 'timeout' | 'invalid_response' | 'reset' | 'status';

export interface HostileServer {
  name: string;
  /** Does what the server does, once a request has come. */
  answer(socket: Socket): void;
  ending: Ending;
  /** The attempt ends by itself, well before its deadline. */
  early: boolean;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const EARLY_HINT = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';

/** Made once, when it is first sent. */
let bomb: Buffer | undefined;

/** Writes the same text as fast as the other side takes it. */
function flood(socket: Socket, head: string, piece: string): void {
  const block = piece.repeat(Math.ceil(65_536 / piece.length));
  const pump = () => {
    while (socket.writable && socket.write(block));
  };
  socket.write(head);
  socket.on('drain', pump);
  pump();
}

/** Writes one piece every few milliseconds, each in a packet of its own. */
function drip(socket: Socket, head: string, piece: string, everyMs = 10): void {
  socket.setNoDelay(true).write(head);
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.once('close', () => clearInterval(timer));
}

const early = (name: string, ending: Ending, answer: HostileServer['answer']) => ({
  name,
  ending,
  answer,
  early: true,
});
const late = (name: string, answer: HostileServer['answer'], ending: Ending = 'timeout') => ({
  name,
  ending,
  answer,
  early: false,
});

/** Servers that try to cost more than an ordinary one: time, memory, processor, or the next request on the connection. */
export const HOSTILE_SERVERS: readonly HostileServer[] = [
  late('says nothing', () => {}),
  late('drips the status line', (socket) => drip(socket, 'H', '', 50)),
  late('drips headers', (socket) => drip(socket, OK, 'A: b\r\n')),
  late('drips a body below the cap', (socket) => drip(socket, `${OK}Content-Length: 1000\r\n\r\n`, 'x')),
  late('drips one-byte chunks below the cap', (socket) => drip(socket, CHUNKED, '1\r\nx\r\n')),
  late('promises a body that never comes', (socket) => socket.write(`${OK}Content-Length: 100000000000\r\n\r\n`)),
  late('sends half a chunk', (socket) => socket.write(`${CHUNKED}400\r\nhalf`)),
  late('drips line breaks instead of a status line', (socket) => drip(socket, '\r\n', '\r\n')),
  early('floods interim responses', 'invalid_response', (socket) => flood(socket, '', EARLY_HINT)),
  early('drips interim responses', 'invalid_response', (socket) => drip(socket, '', EARLY_HINT)),
  early('floods 100 Continue', 'invalid_response', (socket) => flood(socket, '', 'HTTP/1.1 100 Continue\r\n\r\n')),
  early('floods line breaks instead of a status line', 'invalid_response', (socket) => flood(socket, '', '\r\n')),
  early('floods headers', 'invalid_response', (socket) => flood(socket, OK, 'A: b\r\n')),
  early('floods one header', 'invalid_response', (socket) => flood(socket, `${OK}A: `, 'x')),
  early('floods chunk extensions', 'invalid_response', (socket) => flood(socket, `${CHUNKED}1;`, 'a=b;')),
  early('floods the digits of a chunk’s length', 'invalid_response', (socket) => flood(socket, CHUNKED, '0')),
  early('floods trailers', 'invalid_response', (socket) => flood(socket, `${CHUNKED}0\r\n`, 'A: b\r\n')),
  early('floods a body', 'success', (socket) => flood(socket, `${OK}\r\n`, 'x'.repeat(1000))),
  early('floods one-byte chunks', 'success', (socket) => flood(socket, CHUNKED, '1\r\nx\r\n')),
  early('floods empty lines after a response', 'success', (socket) =>
    flood(socket, `${OK}Content-Length: 2\r\n\r\nok`, '\r\n'),
  ),
  early('sends a body with a 204', 'success', (socket) =>
    socket.write('HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody'),
  ),
  early('floods after a 204', 'success', (socket) => flood(socket, 'HTTP/1.1 204 No Content\r\n\r\n', 'garbage')),
  early('sends a bomb to unpack', 'success', (socket) => {
    bomb ??= gzipSync(Buffer.alloc(10_000_000));
    socket.write(`${OK}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  }),
  early('sends a second response', 'success', (socket) =>
    socket.write(`${OK}Content-Length: 2\r\n\r\nok${OK}Content-Length: 6\r\n\r\npoison`),
  ),
  early('stalls past the cap', 'success', (socket) => {
    socket.write(`${OK}Content-Length: 100000\r\n\r\n${'x'.repeat(5000)}`);
  }),
  early('switches protocols', 'invalid_response', (socket) =>
    flood(socket, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', 'x'),
  ),
  early('gives two lengths', 'invalid_response', (socket) =>
    socket.write(`${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nok`),
  ),
  early('gives a length and chunks', 'invalid_response', (socket) =>
    socket.write(`${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  ),
  early('gives a negative length', 'invalid_response', (socket) => socket.write(`${OK}Content-Length: -1\r\n\r\n`)),
  early('gives a chunk of endless length', 'invalid_response', (socket) =>
    socket.write(`${CHUNKED}fffffffffffffffffffff\r\n`),
  ),
  early('speaks another protocol', 'invalid_response', (socket) => flood(socket, 'SSH-2.0-x\r\n', 'x')),
  early('sends zero bytes', 'invalid_response', (socket) => flood(socket, '', '\0')),
  early('resets at once', 'reset', (socket) => socket.resetAndDestroy()),
  early('closes at once', 'reset', (socket) => socket.end()),
  early('closes in the headers', 'reset', (socket) => socket.end(`${OK}A: `)),
  early('closes in the body', 'reset', (socket) => socket.end(`${OK}Content-Length: 10\r\n\r\nshort`)),
  early('asks to wait for ever', 'status', (socket) =>
    socket.write(`HTTP/1.1 429 Slow\r\nRetry-After: ${'9'.repeat(1000)}\r\nContent-Length: 0\r\n\r\n`),
  ),
];
