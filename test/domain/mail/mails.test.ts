import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AlertFacts, alertMail } from '../../../lib/domain/mail/alert-mail.ts';
import { confirmationMail } from '../../../lib/domain/mail/confirmation-mail.ts';
import { oneLine } from '../../../lib/domain/mail/mail.ts';
import { OPERATIONAL_TYPES, type OperationalType } from '../../../lib/domain/operational-event.ts';

const FACTS: AlertFacts = {
  endpoint_id: 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
  label: 'Orders',
  url: 'https://example.com/hooks',
  reason: 'breaker',
  changed_at: '2026-02-06T12:00:00.000Z',
};
const EXHAUSTED: AlertFacts = {
  endpoint_id: FACTS.endpoint_id,
  label: null,
  url: FACTS.url,
  count: 12,
  more: false,
  latest: { delivery_id: 'del_1', event_type: 'task.completed', attempts: 10, error_message: 'answered 503' },
};
const ENVELOPE = { to: 'ops@example.com', link: 'https://hooks.example.com/#/endpoints/ep_1', isLast: false };

function mailOf(type: OperationalType, facts: AlertFacts, envelope: Partial<typeof ENVELOPE> = {}) {
  return alertMail({ id: 'evt_1', type, tenantId: 'org_1', facts }, { ...ENVELOPE, ...envelope });
}

describe('the mail of an alert', () => {
  test('says what happened, to which endpoint, since when, what to do, and where to look', () => {
    expect(mailOf('postrider.endpoint.paused', FACTS)).toMatchObject({
      id: 'evt_1',
      to: 'ops@example.com',
      subject: 'Endpoint paused: Orders',
      text: `Requests to this endpoint failed one after another, so it was paused. Nothing is lost: its deliveries wait, for up to 14 days.

Endpoint: Orders
URL: https://example.com/hooks
Since: 2026-02-06 12:00:00 UTC

Find out why your server fails. Unless the endpoint is set up otherwise, one delivery is tried every few minutes, and the others follow as soon as it succeeds; you can also resume the endpoint yourself.

See the endpoint: https://hooks.example.com/#/endpoints/ep_1

This address is confirmed for the alerts of org_1. Remove it there if it should get none.
`,
    });
  });

  test('of exhausted deliveries says how many they are, and what the latest one was', () => {
    const mail = mailOf('postrider.delivery.exhausted', EXHAUSTED);
    expect(mail.subject).toBe('12 deliveries failed for good: https://example.com/hooks');
    for (const words of ['del_1', 'task.completed', 'answered 503', 'Its attempts: 10'])
      expect(mail.text).toContain(words);
    expect(mailOf('postrider.delivery.exhausted', { ...EXHAUSTED, count: 1 }).text).toContain('1 delivery to this');
    expect(mailOf('postrider.delivery.exhausted', { ...EXHAUSTED, more: true }).subject).toContain('At least 12');
  });

  test('each kind and reason has words of its own', () => {
    const reasons = ['breaker', 'manual', 'gone', null];
    const subjects = OPERATIONAL_TYPES.flatMap((type) => reasons.map((reason) => mailOf(type, { ...FACTS, reason })));
    for (const { subject, text } of subjects) expect(`${subject}${text}`).not.toMatch(/undefined|null|NaN/);
    expect(new Set(subjects.map(({ text }) => text)).size).toBe(6);
  });

  test('says so when it is the last one of the hour', () => {
    expect(mailOf('postrider.endpoint.paused', FACTS, { isLast: true }).text).toContain('the last mail for now');
  });

  test('has the same words in HTML, without anything to load or to run', () => {
    const { html } = mailOf('postrider.endpoint.paused', FACTS);
    expect(html).toContain('<li>URL: https://example.com/hooks</li>');
    expect(html).toContain('<a href="https://hooks.example.com/#/endpoints/ep_1">See the endpoint</a>');
    expect(html).not.toMatch(/<(img|script|style|link|iframe|form)/i);
  });

  test('whatever a tenant calls things begins no new header, line or tag', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        'x\r\nBcc: other@example.com',
        '<script>alert(1)</script>',
        '"><img src=x>',
        'a\u2028b\u202Ec',
        '&amp;',
      ),
    );
    fc.assert(
      fc.property(text, text, text, (label, url, error) => {
        const facts = { ...EXHAUSTED, label, url, latest: { ...EXHAUSTED.latest, error_message: error } as never };
        const mail = mailOf('postrider.delivery.exhausted', facts);
        expect(mail.subject).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(mail.subject.length).toBeLessThanOrEqual(120);
        expect(mail.text.split('\n').length).toBeLessThanOrEqual(18);
        expect(mail.text).not.toMatch(/[\r\u2028\u2029\p{Cf}]/u);
        expect(
          mail.html.match(/<[a-z!/][^>]*>/g)?.every((tag) => /^<(!doctype|\/?(html|body|p|ul|li|a))\b/.test(tag)),
        ).toBe(true);
        expect(`${mail.subject}${mail.text}${mail.html}`.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a line is cut, not a character', () => {
    expect(oneLine('😀'.repeat(100), 10)).toMatch(/…$/);
    expect(oneLine('😀'.repeat(100), 10).isWellFormed()).toBe(true);
  });
});

describe('the mail that asks for a confirmation', () => {
  test('has the code, and no word that a tenant could choose but its id', () => {
    const mail = confirmationMail('confirm_1', 'ops@example.com', 'org_1', 'k7pm-2x9q-w4tc-8hvn');
    expect(mail.text).toContain('\nCode: k7pm-2x9q-w4tc-8hvn\n');
    expect(mail.html).toContain('k7pm-2x9q-w4tc-8hvn');
    expect(mail.text).toContain('If you did not ask for this, do nothing');
    expect(mail.subject).toBe('Confirm this address for webhook alerts');
    expect(mail.text).not.toMatch(/https?:/);
  });
});
