import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { afterEach, expect, it, onTestFinished } from 'vitest';

import { createHttpSender } from '../../lib/adapters/http/http-sender.ts';
import { openSender, requestTo } from '../contract/http-sender.contract.ts';
import { listen, startRawCustomer } from '../support/customer-server.ts';
import { makeCertificate } from '../support/certificates.ts';

const DAY = 24 * 3_600_000;
const TRUSTED = await makeCertificate();
const KNOWN_AUTHORITIES = tls.getCACertificates('default');
const LOOPBACK = { address: '127.0.0.1', family: 4 } as const;

afterEach(() => tls.setDefaultCACertificates(KNOWN_AUTHORITIES));

interface TlsCustomer {
  server: https.Server;
  port: number;
  url: string;
  requests: { resumed: boolean; servername: string | false }[];
  sockets: Socket[];
  tlsSockets: TLSSocket[];
}

async function startTlsCustomer(options: https.ServerOptions = {}, headers = {}): Promise<TlsCustomer> {
  const requests: TlsCustomer['requests'] = [];
  const tlsSockets: TLSSocket[] = [];
  const server = https.createServer({ ...TRUSTED, ...options }, (request, response) => {
    const socket = request.socket as TLSSocket;
    requests.push({ resumed: socket.isSessionReused(), servername: socket.servername ?? false });
    request.resume().on('end', () => response.writeHead(200, headers).end('ok'));
  });
  server.on('secureConnection', (socket) => tlsSockets.push(socket));
  const { port, sockets } = await listen(server, '127.0.0.1');
  return { server, port, url: `https://localhost:${port}/hook`, requests, sockets, tlsSockets };
}

it.each([['TLSv1.2'], ['TLSv1.3']] as const)('a trusted certificate for the host is accepted: %s', async (version) => {
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer({ minVersion: version, maxVersion: version });
  const sender = openSender(createHttpSender, { allowHttp: false });
  expect(await sender.send(requestTo(customer.url))).toMatchObject({ kind: 'answer', statusCode: 200 });
  expect(customer.requests).toEqual([{ resumed: false, servername: 'localhost' }]);
});

it('a self-signed certificate is refused, whatever the environment says', async () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    const customer = await startTlsCustomer();
    const result = await openSender(createHttpSender).send(requestTo(customer.url));
    expect(result).toMatchObject({ kind: 'error', error: 'tls', message: 'the certificate is self-signed' });
    expect(customer.requests).toEqual([]);
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  }
});

it.each([
  ['has expired', 'the certificate has expired', { from: Date.now() - 2 * DAY, until: Date.now() - DAY }],
  ['is not valid yet', 'the certificate is not valid yet', { from: Date.now() + DAY, until: Date.now() + 2 * DAY }],
])('a certificate that %s is refused, from an authority that is known', async (_, message, validity) => {
  const certificate = await makeCertificate({ ...validity, issuer: TRUSTED });
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer(certificate);
  const result = await openSender(createHttpSender).send(requestTo(customer.url));
  expect(result).toMatchObject({ kind: 'error', error: 'tls', message });
  expect(customer.requests).toEqual([]);
});

it('a certificate is accepted from an authority that is known, and refused from another one', async () => {
  const customer = await startTlsCustomer(await makeCertificate({ issuer: TRUSTED }));
  const sender = () => openSender(createHttpSender);
  tls.setDefaultCACertificates([TRUSTED.cert]);
  expect(await sender().send(requestTo(customer.url))).toMatchObject({ kind: 'answer', statusCode: 200 });
  tls.setDefaultCACertificates([(await makeCertificate()).cert]);
  const refused = await sender().send(requestTo(customer.url));
  expect(refused).toMatchObject({ kind: 'error', error: 'tls' });
  expect(customer.requests).toHaveLength(1);
});

it('a certificate for another host is refused', async () => {
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer();
  const sender = openSender(createHttpSender, { lookup: async () => [LOOPBACK] });
  const known = await sender.send(requestTo(`https://hooks.example:${customer.port}/`));
  expect(known).toMatchObject({ kind: 'answer', statusCode: 200 });
  const other = await sender.send(requestTo(`https://other.example:${customer.port}/`));
  expect(other).toMatchObject({ error: 'tls', message: 'the certificate is for another host name' });
  expect(customer.requests).toHaveLength(1);
});

it('a server without TLS is told as such', async () => {
  const customer = await startRawCustomer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const result = await openSender(createHttpSender).send(requestTo(`https://localhost:${customer.port}/`));
  expect(result).toMatchObject({ error: 'tls', message: 'the server does not speak TLS on this port' });
});

it('TLS older than 1.2 is refused, even in a process that allows it', async () => {
  const defaults = { DEFAULT_MIN_VERSION: tls.DEFAULT_MIN_VERSION, DEFAULT_CIPHERS: tls.DEFAULT_CIPHERS };
  onTestFinished(() => void Object.assign(tls, defaults));
  Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' });
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
  const result = await openSender(createHttpSender).send(requestTo(customer.url));
  expect(result).toMatchObject({ error: 'tls', message: 'the server does not offer TLS 1.2 or newer' });
});

it('a server that would agree on another protocol is asked for none, and answers', async () => {
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer({ ALPNProtocols: ['h2'] });
  const result = await openSender(createHttpSender).send(requestTo(customer.url));
  expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
});

it('a handshake that stalls is a timeout', async () => {
  const customer = await startRawCustomer(() => {});
  const request = requestTo(`https://localhost:${customer.port}/`, { timeoutMs: 200 });
  expect(await openSender(createHttpSender).send(request)).toMatchObject({ error: 'timeout' });
});

it.each([['TLSv1.2'], ['TLSv1.3']] as const)('a closed idle connection is replaced: %s', async (version) => {
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer({ minVersion: version, maxVersion: version });
  const sender = openSender(createHttpSender);
  await sender.send(requestTo(customer.url));
  customer.tlsSockets[0]?.destroy();
  expect(await sender.send(requestTo(customer.url))).toMatchObject({ kind: 'answer', statusCode: 200 });
  expect(customer.requests).toHaveLength(2);
  expect(customer.sockets).toHaveLength(2);
});

it('a new connection to a known host resumes its TLS session', async () => {
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer({}, { connection: 'close' });
  const sender = openSender(createHttpSender);
  await sender.send(requestTo(customer.url));
  await sender.send(requestTo(customer.url));
  expect(customer.requests.map(({ resumed }) => resumed)).toEqual([false, true]);
});

it('an IP address is no server name: none is told, and the certificate has to name the address', async () => {
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const [customer, other] = [
    await startTlsCustomer(),
    await startTlsCustomer(await makeCertificate({ addresses: [] })),
  ];
  const sender = openSender(createHttpSender);
  const result = await sender.send(requestTo(`https://127.0.0.1:${customer.port}/`));
  expect(result).toMatchObject({ kind: 'answer', statusCode: 200 });
  expect(customer.requests).toEqual([{ resumed: false, servername: false }]);
  expect(await sender.send(requestTo(`https://127.0.0.1:${other.port}/`))).toMatchObject({ error: 'tls' });
  expect(other.requests).toEqual([]);
});

it('a session with which the connection broke is not used again', async () => {
  tls.setDefaultCACertificates([TRUSTED.cert]);
  const customer = await startTlsCustomer({}, { connection: 'close' });
  const sender = openSender(createHttpSender);
  await sender.send(requestTo(customer.url));
  customer.server.once('connection', (socket: Socket) => socket.resetAndDestroy());
  expect((await sender.send(requestTo(customer.url))).kind).toBe('error');
  await sender.send(requestTo(customer.url));
  expect(customer.requests.map(({ resumed }) => resumed)).toEqual([false, false]);
});
