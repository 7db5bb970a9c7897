// The history of deliveries, and the jobs that are started there.

import { plural } from '../plural.ts';

export const history = {
  title: 'Deliveries',
  anyStatus: 'Any status',
  anyEndpoint: 'Any endpoint',
  anyTime: 'Any time',
  eventType: 'Event type',
  /** By seconds. */
  times: { 3600: 'Last hour', 86400: 'Last 24 hours', 604800: 'Last 7 days' } as Readonly<Record<number, string>>,
  since: (time: string) => `Since ${time}`,
  test: 'Test',
  /** Of a manual retry and of a replay, which an answer of the API does not tell apart. */
  repeat: 'Repeat',
  attempt: (number: number, max: number) => `attempt ${number} of ${max}`,
  noAttempt: 'no attempt yet',
  /** Of a delivery that was polled: it is delivered without an attempt. */
  committed: 'committed by every consumer',
  next: 'next',
  retry: 'Retry',
  retryNow: 'Retry now',
  sendNow: 'Send now',
  retryAll: 'Retry all…',
  retrying: {
    title: 'Retry deliveries',
    lead: 'Every failed or given-up delivery that the filters show is sent again as a new delivery. Receivers see the same ids, so they can drop what they already have.',
    what: (words: readonly string[]) => `Only: ${words.join(', ')}.`,
    confirm: 'Retry them',
  },
  empty: {
    title: 'No deliveries yet',
    lead: 'A delivery is one event on its way to one endpoint. Post an event, or send a test from an endpoint’s page.',
  },
  noMatch: { title: 'No delivery matches', lead: 'None has this status, endpoint, event type and time.' },
  job: {
    title: {
      retry: 'Retrying deliveries',
      replay: 'Sending events again',
      release: 'Releasing held deliveries',
      discard: 'Discarding held deliveries',
    } as Readonly<Record<string, string>>,
    other: 'Working',
    running: (processed: number) => `${processed} so far`,
    done: (processed: number, skipped: number) =>
      `Done: ${processed} ${plural(processed, 'delivery', 'deliveries')}${skipped > 0 ? `, ${skipped} left out` : ''}.`,
    cancelled: (processed: number) => `Stopped after ${processed}.`,
    cancel: 'Stop',
    dismiss: 'Close',
  },
} as const;
