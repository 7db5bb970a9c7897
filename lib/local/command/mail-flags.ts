import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { readSmtpUrl } from '../../adapters/smtp/server.ts';
import { readMailAddress } from '../../domain/mail/address.ts';
import type { MailOptions } from '../mail/open-mailer.ts';
import { StartFailure } from '../service/start-failure.ts';

export interface MailFlags {
  smtp?: string;
  smtpCa?: string;
  mailFrom?: string;
}

export function addMailOptions(command: Command): void {
  command
    .addOption(
      new Option('--smtp <url>', 'mail alerts by this server: smtp://name:password@host:587, or smtps://…').env(
        'POSTRIDER_SMTP_URL',
      ),
    )
    .option('--smtp-ca <file>', 'certificate (PEM) of an SMTP server that no public authority signed')
    .option('--mail-from <address>', 'whom those mails are from');
}

/**
 * @returns undefined: no mail is sent
 * @throws StartFailure, which never shows the URL: it has a password
 */
export function mailOption({ smtp, smtpCa, mailFrom }: MailFlags): MailOptions | undefined {
  if (smtp === undefined && mailFrom === undefined && smtpCa === undefined) return undefined;
  if (smtp === undefined || mailFrom === undefined) {
    throw new StartFailure('Mail needs both --smtp and --mail-from: give the other one too.');
  }
  const server = readSmtpUrl(smtp);
  if (!server) throw new StartFailure('--smtp: give a URL such as smtp://name:password@mail.example.com:587.');
  const from = readMailAddress(mailFrom);
  if (from === undefined) throw new StartFailure('--mail-from: give one address, such as postrider@example.com.');
  return { server, from, ...(smtpCa !== undefined && { ca: readCa(smtpCa) }) };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartFailure(`The certificate in ${file} can't be read: ${why}`, { cause });
  }
}
