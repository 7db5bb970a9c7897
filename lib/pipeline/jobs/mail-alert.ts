import { isMailed } from '../../domain/alert-address.ts';
import { HOUR } from '../../domain/durations.ts';
import { type AlertFacts, alertMail } from '../../domain/mail/alert-mail.ts';
import type { AlertChannels, AlertMessage, Handed } from '../../ports/alert-channels.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { Ports } from '../../ports/ports.ts';
import type { PipelineSettings } from '../settings.ts';

type MailPorts = Pick<Ports, 'clock' | 'log' | 'quotas' | 'alertAddresses'>;
type MailSettings = Pick<PipelineSettings, 'consoleUrl'>;

/** So many alerts of a tenant are mailed in an hour: a crowd of them would help nobody, and harm the sender's name. */
export const MAILS_AN_HOUR = 30;

/** Mails alerts to the addresses that tenants have confirmed; nothing where the deployment sends no mail. */
export function mailChannel(
  ports: MailPorts & Pick<Ports, 'mailer'>,
  settings: MailSettings,
): Pick<AlertChannels, 'mail'> {
  const { mailer } = ports;
  return mailer ? { mail: (message) => mailAlert(ports, settings, mailer, message) } : {};
}

async function mailAlert(
  ports: MailPorts,
  settings: MailSettings,
  mailer: Mailer,
  message: AlertMessage,
): Promise<Handed> {
  const { id, type, tenantId, data } = message;
  const wanted = await ports.alertAddresses.get(tenantId);
  if (!isMailed(wanted, type)) return 'nobody';
  const nth = await countMail(ports, tenantId, 1);
  if (nth > MAILS_AN_HOUR) {
    ports.log.warn('job.alert-not-mailed', { tenant_id: tenantId, event_type: type, event_id: id });
    return 'nobody';
  }
  const facts = JSON.parse(data) as AlertFacts;
  const link = linkTo(settings.consoleUrl(), facts);
  const isLast = nth === MAILS_AN_HOUR;
  try {
    await mailer.send(alertMail({ id, type, tenantId, facts }, { to: wanted.address, link, isLast }));
  } catch (cause) {
    // A mail that was not taken is tried again: it counts once. A count that stays too high ends with its hour.
    await countMail(ports, tenantId, -1).catch(() => undefined);
    throw cause;
  }
  return 'taken';
}

function countMail({ clock, quotas }: MailPorts, tenantId: string, count: 1 | -1): Promise<number> {
  return quotas.add(tenantId, Math.floor(clock.now() / HOUR), count, 'mails');
}

function linkTo(consoleUrl: string | undefined, { endpoint_id: id }: AlertFacts): string | undefined {
  return consoleUrl === undefined ? undefined : `${consoleUrl}#/endpoints/${id}`;
}
