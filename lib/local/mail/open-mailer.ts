import type { SmtpServer } from '../../adapters/smtp/server.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Mailer } from '../../ports/mailer.ts';

/** How the service sends mail. */
export interface MailOptions {
  server: SmtpServer;
  /** Whom mails are from. */
  from: string;
  /** PEM: of a server whose certificate no public authority signed. */
  ca?: string;
}

/** Its package is loaded for those who ask for it. */
export async function openMailer(options: MailOptions | undefined, clock: Clock): Promise<{ mailer?: Mailer }> {
  if (!options) return {};
  const { smtpMailer } = await import('../../adapters/smtp/mailer.ts');
  return { mailer: smtpMailer({ ...options, clock }) };
}
