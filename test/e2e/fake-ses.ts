import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Mail } from '../../lib/domain/mail/mail.ts';

interface HttpRequest {
  method: string;
  path: string;
  body: string | Uint8Array;
}

/** The real client of SES, whose requests are answered in this process. @param take is given each mail */
export function fakeSes(take: (mail: Pick<Mail, 'to' | 'subject' | 'text' | 'html'>) => void): SESv2Client {
  return new SESv2Client({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: {
      async handle({ method, path, body }: HttpRequest) {
        if (`${method} ${path}` !== 'POST /v2/email/outbound-emails')
          throw new Error(`This SES can't ${method} ${path}.`);
        const { Destination, Content } = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
        const { Subject, Body } = Content.Simple;
        take({
          to: Destination.ToAddresses[0],
          subject: Subject.Data,
          text: Body.Text.Data,
          html: Body.Html.Data,
        });
        const answer = Buffer.from(JSON.stringify({ MessageId: 'made-up' }));
        return { response: { statusCode: 200, headers: { 'content-type': 'application/json' }, body: answer } };
      },
    } as never,
  });
}
