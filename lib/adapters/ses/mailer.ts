import { SESv2Client, type SESv2ClientConfig, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { ServiceFault } from '../../domain/errors.ts';
import type { Mailer } from '../../ports/mailer.ts';

/** Milliseconds. A call that hangs fails before the function that answers a caller times out: after about 2 × 3 s. */
const sesClientConfig = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const satisfies SESv2ClientConfig;

/** Create it once per process. */
export function createSesClient(): SESv2Client {
  return new SESv2Client(sesClientConfig);
}

const Charset = 'UTF-8';

/** Sends by Amazon SES. @param from an address of an identity that SES has verified */
export function sesMailer(from: string, client = createSesClient()): Mailer {
  return {
    async send({ to, subject, text, html }) {
      const command = new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: { Data: subject, Charset },
            Body: { Text: { Data: text, Charset }, Html: { Data: html, Charset } },
            // RFC 3834: nobody's answering machine answers it.
            Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
          },
        },
      });
      try {
        await client.send(command);
      } catch (cause) {
        // SES's own words name addresses.
        throw new ServiceFault(`SES SendEmail failed: ${cause instanceof Error ? cause.name : 'unknown'}`);
      }
    },
  };
}
