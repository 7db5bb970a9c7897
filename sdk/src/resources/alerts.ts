import type { AlertMail, AlertMailSet } from '../api-types.ts';
import type { CallOptions, Transport } from '../transport.ts';

const MAIL = '/v1/alerts/mail';

/** Where a tenant's alerts are mailed. */
export class AlertMails {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(options?: CallOptions): Promise<AlertMail> {
    return this.#transport.send({ method: 'GET', path: MAIL }, options);
  }

  /** A new address is mailed a code, and gets no alert before that is confirmed. A repeated call mails another one: the newest counts. */
  set(mail: AlertMailSet, options?: CallOptions): Promise<AlertMail> {
    return this.#transport.send({ method: 'PUT', path: MAIL, body: mail }, options);
  }

  /** Confirms the address, by the code that was mailed to it. */
  confirm(code: string, options?: CallOptions): Promise<AlertMail> {
    return this.#transport.send({ method: 'POST', path: `${MAIL}/confirm`, body: { code } }, options);
  }

  /** Mails no more alerts. */
  remove(options?: CallOptions): Promise<AlertMail> {
    return this.#transport.send({ method: 'DELETE', path: MAIL }, options);
  }
}
