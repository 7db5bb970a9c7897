import { type SentMessageInfo, createTransport } from 'nodemailer';
import { ServiceFault } from '../../domain/errors.ts';
import type { Mail } from '../../domain/mail/mail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { SmtpServer } from './server.ts';

/** From the look-up of the server's name to its answer, milliseconds: well within a page of a job. */
const DEADLINE_MS = 10_000;
/**
 * A server that could not be talked to is not asked again for this long: a process works few jobs at a time, and each would
 * wait for its own deadline.
 */
const PAUSE_MS = 30_000;
const MAX_RESPONSE_BYTES = 4096;

interface SmtpOptions {
  server: SmtpServer;
  /** Whom the mails are from. */
  from: string;
  clock: Clock;
  /** Default {@link DEADLINE_MS}. */
  deadlineMs?: number;
  /** PEM: of a server whose certificate no public authority signed. */
  ca?: string;
}

/**
 * Sends by SMTP, over a connection for each mail. It is always encrypted, by TLS from the beginning or by STARTTLS, unless
 * the server is on this machine.
 */
export function smtpMailer({ server, from, clock, deadlineMs = DEADLINE_MS, ca }: SmtpOptions): Mailer {
  const transport = createTransport({
    ...server,
    maxResponseSize: MAX_RESPONSE_BYTES,
    connectionTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(ca !== undefined && { tls: { ca } }),
  });
  let pausedUntil = 0;
  return {
    async send(mail) {
      if (clock.now() < pausedUntil) throw new ServiceFault('SMTP: the server did not answer a moment ago');
      try {
        await transport.sendMail({ ...messageOf(mail, from), signal: AbortSignal.timeout(deadlineMs) });
      } catch (cause) {
        const { code, responseCode } = cause as SmtpError;
        if (responseCode === undefined) pausedUntil = clock.now() + PAUSE_MS;
        throw new ServiceFault(`SMTP: ${whatFailed(code, responseCode)}`);
      }
    },
  };
}

type Message = Parameters<ReturnType<typeof createTransport<SentMessageInfo>>['sendMail']>[0];

/** Addresses as objects are never read as lists. */
function messageOf({ id, to, subject, text, html }: Mail, from: string): Message {
  return {
    from: { name: '', address: from },
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    // RFC 3834: nobody's answering machine answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
}

/** Without the server's own words, which name the address. */
function whatFailed(code = 'unknown', responseCode?: number): string {
  if (responseCode !== undefined) return `the server refused it with ${responseCode} (${code})`;
  return code === 'EABORT' || code === 'ETIMEDOUT' ? 'the server did not answer in time' : `no connection (${code})`;
}
