import type { OperationalType } from '../operational-event.ts';
import { type Block, type Mail, composeMail, oneLine } from './mail.ts';

/** What an alert says, as its operational event has it (docs/alerts.md). */
export interface AlertFacts {
  endpoint_id: string;
  label: string | null;
  url: string | null;
  reason?: string | null;
  changed_at?: string;
  count?: number;
  more?: boolean;
  latest?: { delivery_id: string; event_type: string; attempts: number; error_message: string | null };
}

interface Alert {
  /** Of its operational event. */
  id: string;
  type: OperationalType;
  tenantId: string;
  facts: AlertFacts;
}

/** What surrounds an alert in its mail. */
interface Envelope {
  to: string;
  /** Where the endpoint can be looked at. */
  link?: string | undefined;
  /** No further alert is mailed within the hour. */
  isLast: boolean;
}

/** What a kind of alert is about: the beginning of its subject, what happened, and what to do. */
interface Wording {
  subject: string;
  happened: string;
  todo: string;
}

const WAITING = 'Nothing is lost: its deliveries wait, for up to 14 days.';

const OF_REASON: Readonly<Record<string, Wording>> = {
  'postrider.endpoint.paused breaker': {
    subject: 'Endpoint paused',
    happened: `Requests to this endpoint failed one after another, so it was paused. ${WAITING}`,
    todo: 'Find out why your server fails. Unless the endpoint is set up otherwise, one delivery is tried every few minutes, and the others follow as soon as it succeeds; you can also resume the endpoint yourself.',
  },
  'postrider.endpoint.paused': {
    subject: 'Endpoint paused',
    happened: `Someone paused this endpoint. ${WAITING}`,
    todo: 'Resume the endpoint when your server is ready.',
  },
  'postrider.endpoint.resumed': {
    subject: 'Endpoint resumed',
    happened: 'This endpoint takes deliveries again. Those that waited are sent now, unless they were discarded.',
    todo: 'There is nothing to do.',
  },
  'postrider.endpoint.disabled gone': {
    subject: 'Endpoint disabled',
    happened:
      'Your server answered 410 Gone, so this endpoint was disabled: it gets no events any more, and the deliveries that waited were given up.',
    todo: 'If that was a mistake, mend the server, enable the endpoint, and replay the events that it missed.',
  },
  'postrider.endpoint.disabled': {
    subject: 'Endpoint disabled',
    happened:
      'Someone disabled this endpoint: it gets no events any more, and the deliveries that waited were given up.',
    todo: 'If that was a mistake, enable the endpoint and replay the events that it missed.',
  },
};

/** The mail that tells a person of an alert: what happened, to which endpoint, since when, and what to do. */
export function alertMail(alert: Alert, { to, link, isLast }: Envelope): Mail {
  const { subject, happened, todo } = wordingOf(alert);
  const { facts } = alert;
  return composeMail({ id: alert.id, to }, `${subject}: ${nameOf(facts)}`, [
    happened,
    { facts: factsOf(facts) },
    todo,
    ...(link === undefined ? [] : [{ link, label: 'See the endpoint' }]),
    ...(isLast
      ? ['More has happened than is mailed in an hour, so this is the last mail for now. See your endpoints.']
      : []),
    `This address is confirmed for the alerts of ${oneLine(alert.tenantId)}. Remove it there if it should get none.`,
  ] satisfies Block[]);
}

function wordingOf({ type, facts }: Alert): Wording {
  if (type === 'postrider.delivery.exhausted') return exhausted(facts);
  return (OF_REASON[`${type} ${facts.reason ?? ''}`] ?? OF_REASON[type]) as Wording;
}

function exhausted({ count = 1, more = false }: AlertFacts): Wording {
  const [number, noun, verb] = [
    `${more ? 'At least ' : ''}${count}`,
    count === 1 ? 'delivery' : 'deliveries',
    count === 1 ? 'has' : 'have',
  ];
  return {
    subject: `${number} ${noun} failed for good`,
    happened: `${number} ${noun} to this endpoint ${verb} used all attempts, and will not be tried again.`,
    todo: 'Find out why your server fails, then retry these deliveries.',
  };
}

/** People's name for an endpoint, in the order in which they would look. */
function nameOf({ label, url, endpoint_id: id }: AlertFacts): string {
  return label ?? url ?? id;
}

function factsOf({ endpoint_id: id, label, url, changed_at: since, latest }: AlertFacts): [string, string][] {
  const facts: [string, string | null | undefined][] = [
    ['Endpoint', label ?? id],
    ['URL', url],
    ['Since', since && inWords(since)],
    ['Latest delivery', latest?.delivery_id],
    ['Its event type', latest?.event_type],
    ['Its attempts', latest && String(latest.attempts)],
    ['Its last error', latest?.error_message],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** `2026-02-06T12:00:00.000Z` as `2026-02-06 12:00:00 UTC`. */
function inWords(timestamp: string): string {
  return timestamp.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
