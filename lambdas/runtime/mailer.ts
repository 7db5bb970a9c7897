import type { Mailer } from '../../lib/ports/mailer.ts';
import type { Deployment } from './deployment.ts';
import { mailFrom } from './settings.ts';

/** The deployment's mailer, if it sends mail. SES's client is loaded for the first mail, and not at a cold start. */
export function openMailer(deployment: Deployment): { mailer?: Mailer } {
  const from = mailFrom(deployment);
  if (from === undefined) return {};
  let made: Promise<Mailer> | undefined;
  return {
    mailer: {
      async send(mail) {
        made ??= import('../../lib/adapters/ses/mailer.ts').then(({ sesMailer }) =>
          sesMailer(from, deployment.clients.ses),
        );
        await (await made).send(mail);
      },
    },
  };
}
