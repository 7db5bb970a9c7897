import { type Server, createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { smtpMailer } from '../../../lib/adapters/smtp/mailer.ts';
import { readSmtpUrl } from '../../../lib/adapters/smtp/server.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { makeCertificate } from '../../support/certificates.ts';
import { type Received, startSmtp } from '../../support/smtp.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MAIL = {
  id: 'evt_1',
  to: 'ops@example.com',
  subject: 'Größe',
  text: 'What happened\n',
  html: '<p>What happened</p>',
};
const FROM = 'postrider@example.com';

let stopping: AsyncDisposableStack;
beforeEach(() => {
  stopping = new AsyncDisposableStack();
});
afterEach(() => stopping.disposeAsync());

async function start(options: SMTPServerOptions = {}): Promise<{ port: number; received: Received[] }> {
  const server = await startSmtp(options);
  stopping.defer(() => server.stop());
  return server;
}

function mailerOf(url: string, options: { ca?: string; deadlineMs?: number; clock?: VirtualClock } = {}) {
  const server = readSmtpUrl(url);
  if (!server) throw new Error(`no SMTP URL: ${url}`);
  return smtpMailer({ server, from: FROM, clock: new VirtualClock(), ...options });
}

const faultOf = (sending: Promise<unknown>): Promise<ServiceFault> =>
  sending.then(
    () => expect.fail('It was sent.'),
    (error: ServiceFault) => error,
  );

describe('a mail', () => {
  test('arrives with its envelope, its headers and both bodies', async () => {
    const { port, received } = await start({ disabledCommands: ['STARTTLS', 'AUTH'] });
    await mailerOf(`smtp://127.0.0.1:${port}`).send(MAIL);
    expect(received).toMatchObject([{ from: FROM, to: ['ops@example.com'] }]);
    const { raw = '' } = received[0] ?? {};
    for (const header of [
      'From: postrider@example.com',
      'To: ops@example.com',
      'Subject: =?UTF-8?Q?Gr=C3=B6=C3=9Fe?=',
      'Message-ID: <evt_1@example.com>',
      'Auto-Submitted: auto-generated',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Type: text/html; charset=utf-8',
    ])
      expect(raw).toContain(header);
    expect(raw).toContain('<p>What happened</p>');
  });

  test('has one recipient and the headers that it should have, whatever is in it', async () => {
    const { port, received } = await start({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const evil = 'x\r\nBcc: other@example.com\r\n\r\n.\r\nRCPT TO:<other@example.com>';
    await mailerOf(`smtp://127.0.0.1:${port}`).send({ ...MAIL, subject: evil, text: `${evil}\r\n.\r\n`, html: evil });
    expect(received).toHaveLength(1);
    expect(received[0]?.to).toEqual(['ops@example.com']);
    const [headers = ''] = received[0]?.raw.split('\r\n\r\n') ?? [];
    expect(headers).not.toMatch(/^Bcc:/m);
  });
});

describe('a server elsewhere', () => {
  test('gets neither mail nor password before TLS', async () => {
    const server = readSmtpUrl('smtp://name:pass%40word@mail.example.com');
    expect(server).toEqual({
      host: 'mail.example.com',
      port: 587,
      secure: false,
      requireTLS: true,
      auth: { user: 'name', pass: 'pass@word' },
    });
    const { port, received } = await start({ disabledCommands: ['STARTTLS'], authOptional: true });
    const mailer = smtpMailer({
      server: { ...(server as NonNullable<typeof server>), host: '127.0.0.1', port },
      from: FROM,
      clock: new VirtualClock(),
    });
    expect((await faultOf(mailer.send(MAIL))).message).toMatch(/^SMTP: /);
    expect(received).toEqual([]);
  });

  test('whose certificate nobody vouches for gets nothing, and one that the operator names gets the mail', async () => {
    const { key, cert } = await makeCertificate();
    const { port, received } = await start({ secure: true, key, cert, authOptional: true });
    const url = `smtps://localhost:${port}`;
    await faultOf(mailerOf(url).send(MAIL));
    expect(received).toEqual([]);
    await mailerOf(url, { ca: cert }).send(MAIL);
    expect(received).toHaveLength(1);
  });

  test('is told the name and password once it is encrypted, by STARTTLS too', async () => {
    const { key, cert } = await makeCertificate();
    const seen: unknown[] = [];
    const { port, received } = await start({
      key,
      cert,
      onAuth: ({ username, password }, session, done) => {
        seen.push([username, password, session.secure]);
        done(null, { user: username });
      },
    });
    await mailerOf(`smtp://name:word@localhost:${port}`, { ca: cert }).send(MAIL);
    expect(seen).toEqual([['name', 'word', true]]);
    expect(received).toHaveLength(1);
  });
});

describe('a failure', () => {
  test('is a fault that names no address and none of the server’s words', async () => {
    const { port } = await start({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: (address, _, done) =>
        done(Object.assign(new Error(`no such user ${address.address}`), { responseCode: 550 })),
    });
    const fault = await faultOf(mailerOf(`smtp://127.0.0.1:${port}`).send(MAIL));
    expect(fault).toBeInstanceOf(ServiceFault);
    expect(fault.message).toBe('SMTP: the server refused it with 550 (EENVELOPE)');
    expect(fault.cause).toBeUndefined();
  });

  test('of a refused address does not keep the next mail waiting', async () => {
    const { port, received } = await start({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _, done) =>
        done(address.startsWith('gone') ? Object.assign(new Error('gone'), { responseCode: 550 }) : null),
    });
    const mailer = mailerOf(`smtp://127.0.0.1:${port}`);
    await faultOf(mailer.send({ ...MAIL, to: 'gone@example.com' }));
    await mailer.send(MAIL);
    expect(received).toHaveLength(1);
  });

  test.each([
    ['says nothing', () => {}],
    [
      'never comes to an end',
      (socket: import('node:net').Socket) => {
        const timer = setInterval(() => socket.write('2'), 20);
        socket.once('close', () => clearInterval(timer));
      },
    ],
  ])('comes at the deadline when the server %s, and its connection ends', async (_, behave) => {
    let ended = () => {};
    const closed = new Promise<void>((resolve) => (ended = resolve));
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('close', () => ended());
      behave(socket);
      socket.resume();
    });
    const port = await listening(server);
    const fault = await faultOf(mailerOf(`smtp://127.0.0.1:${port}`, { deadlineMs: 300 }).send(MAIL));
    expect(fault.message).toBe('SMTP: the server did not answer in time');
    await closed;
  });

  test('to reach the server is not repeated for half a minute, so that other work goes on', async () => {
    const server = createServer((socket) => socket.destroy());
    let connections = 0;
    server.on('connection', () => void (connections += 1));
    const port = await listening(server);
    const clock = new VirtualClock();
    const mailer = mailerOf(`smtp://127.0.0.1:${port}`, { clock });
    await faultOf(mailer.send(MAIL));
    expect((await faultOf(mailer.send(MAIL))).message).toBe('SMTP: the server did not answer a moment ago');
    expect(connections).toBe(1);
    await clock.advance(30_000);
    await faultOf(mailer.send(MAIL));
    expect(connections).toBe(2);
  });

  async function listening(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stopping.defer(() => new Promise((resolve) => server.close(() => resolve())));
    return (server.address() as { port: number }).port;
  }
});

test.each([
  ['smtp://localhost:1025', { host: 'localhost', port: 1025, secure: false, requireTLS: false }],
  ['smtp://[::1]:1025', { host: '::1', port: 1025, secure: false, requireTLS: false }],
  ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, secure: true, requireTLS: false }],
])('%s is read', (url, server) => {
  expect(readSmtpUrl(url)).toEqual(server);
});

test.each([
  'mail.example.com:25',
  'https://mail.example.com',
  'smtp://',
  'smtp://host/path',
  'smtp://host?tls=no',
  'smtp://%zz@host',
])('%s is refused', (url) => {
  expect(readSmtpUrl(url)).toBeUndefined();
});
