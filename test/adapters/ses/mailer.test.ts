import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { sesMailer } from '../../../lib/adapters/ses/mailer.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';

const MAIL = {
  id: 'evt_1',
  to: 'ops@example.com',
  subject: 'Größe',
  text: 'What happened\n',
  html: '<p>What happened</p>',
};
const FROM = 'postrider@example.com';

function open() {
  const client = new SESv2Client({ region: 'eu-central-1' });
  return { mocked: mockClient(client), mailer: sesMailer(FROM, client) };
}

test('a mail goes to one address, from the deployment’s, in both forms', async () => {
  const { mocked, mailer } = open();
  await mailer.send(MAIL);
  expect(mocked.commandCalls(SendEmailCommand).map(({ args }) => args[0].input)).toEqual([
    {
      FromEmailAddress: FROM,
      Destination: { ToAddresses: ['ops@example.com'] },
      Content: {
        Simple: {
          Subject: { Data: 'Größe', Charset: 'UTF-8' },
          Body: {
            Text: { Data: 'What happened\n', Charset: 'UTF-8' },
            Html: { Data: '<p>What happened</p>', Charset: 'UTF-8' },
          },
          Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
        },
      },
    },
  ]);
});

test('a refusal is a fault that names no address', async () => {
  const { mocked, mailer } = open();
  const cause = Object.assign(new Error('Email address is not verified: ops@example.com'), { name: 'MessageRejected' });
  mocked.on(SendEmailCommand).rejects(cause);
  const fault: unknown = await mailer.send(MAIL).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(ServiceFault);
  expect(fault).toMatchObject({ message: 'SES SendEmail failed: MessageRejected' });
  expect(fault).not.toHaveProperty('cause');
});
