import { expect, test } from 'vitest';
import { mailOption } from '../../../lib/local/command/mail-flags.ts';
import { StartFailure } from '../../../lib/local/service/start-failure.ts';

const SMTP = 'smtp://name:secret@mail.example.com';
const FROM = 'postrider@example.com';

test('mail is sent by the named server, from the named address, and by default not at all', () => {
  expect(mailOption({})).toBeUndefined();
  expect(mailOption({ smtp: SMTP, mailFrom: FROM })).toMatchObject({
    server: { host: 'mail.example.com', port: 587, requireTLS: true, auth: { user: 'name', pass: 'secret' } },
    from: FROM,
  });
});

test.each([
  [{ smtp: SMTP }, /both --smtp and --mail-from/],
  [{ mailFrom: FROM }, /both --smtp and --mail-from/],
  [{ smtpCa: 'ca.pem' }, /both --smtp and --mail-from/],
  [{ smtp: 'mail.example.com:secret', mailFrom: FROM }, /--smtp: give a URL/],
  [{ smtp: SMTP, mailFrom: 'Postrider <postrider@example.com>' }, /--mail-from: give one address/],
  [{ smtp: SMTP, mailFrom: FROM, smtpCa: '/nowhere/ca.pem' }, /can't be read/],
])('%j is refused, without showing the password', (flags, message) => {
  let failure: unknown;
  try {
    mailOption(flags);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(StartFailure);
  expect((failure as StartFailure).message).toMatch(message);
  expect((failure as StartFailure).message).not.toContain('secret');
});
