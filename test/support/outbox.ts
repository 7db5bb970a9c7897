import type { Mail } from '../../lib/domain/mail/mail.ts';
import type { Mailer } from '../../lib/ports/mailer.ts';

/** What was mailed, and where to find a code in it. */
export class Outbox implements Mailer {
  readonly mails: Mail[] = [];
  /** How many of the next mails are refused, and with what. */
  readonly refusals: Error[] = [];
  calls = 0;

  async send(mail: Mail): Promise<void> {
    this.calls += 1;
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    this.mails.push(mail);
  }

  /** Of the newest mail to an address. */
  codeFor(address: string): string {
    const mail = this.mails.findLast(({ to }) => to === address);
    return codeIn(mail?.text ?? '');
  }
}

export function codeIn(text: string): string {
  return /Code: (\S+)/.exec(text)?.[1] ?? '';
}
