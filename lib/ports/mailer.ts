import type { Mail } from '../domain/mail/mail.ts';

/** Sends mail. */
export interface Mailer {
  /**
   * Hands a mail over to the service that sends it, within some ten seconds. Its fault names no address: log lines and
   * deliveries show it.
   * @throws ServiceFault when it was not taken, also when it never will be
   */
  send(mail: Mail): Promise<void>;
}
