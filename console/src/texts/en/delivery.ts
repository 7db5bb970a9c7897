// One delivery: its attempts, and what its error means.

import { plural } from '../plural.ts';

export const delivery = {
  title: 'Delivery',
  to: 'to',
  /** Of a delivery that arrived, after its receiver's name. */
  answered: (answer: string) => `answered ${answer}`,
  took: (time: string) => `in ${time}`,
  nextAttempt: 'next attempt',
  timeline: 'Attempts',
  attempt: (number: number) => `Attempt ${number}`,
  later: (first: number, last: number) => (first === last ? `Attempt ${first}` : `Attempts ${first} to ${last}`),
  laterUntil: (time: string, count: number) => (count === 1 ? `about ${time}` : `the last about ${time}`),
  success: 'Delivered',
  tabs: { answer: 'Answer', request: 'Request', event: 'Event' },
  answer: {
    none: 'No answer came, so there is nothing to show.',
    empty: 'The answer had no body, or none that was kept: only the first bytes of failed attempts are.',
    ok: 'The answer of a successful attempt is not kept.',
    base64: 'Not text: in base64.',
    signedWith: 'Signed with',
    took: 'Took',
    at: 'At',
    status: 'Status',
    error: 'Error',
  },
  request: {
    note: 'Written again for the time of this attempt: it is not kept. What is made with a secret is not shown.',
    coming: 'No attempt was made yet. Made now, the first one would be this.',
    changed: 'The endpoint was changed after this attempt. Its dialect, events or headers may have been others then.',
    polled: 'As it is written for a consumer that asks. Ids, times and signatures are samples here.',
    endpointGone: 'The endpoint is gone, and with it how its requests were written.',
  },
  event: { deleted: 'The data of this event was deleted.', posted: 'Posted', id: 'Event', externalId: 'Your id' },
  retried: 'A new delivery was started.',
  repeatOf: 'A repeat of',
  until: (attempts: number, time: string) =>
    `We try ${attempts} more ${plural(attempts, 'time', 'times')} until ${time}. If all of them fail, you can retry it here.`,
  last: 'The next attempt is the last one. If it fails, you can retry it here.',
  exhausted: 'It is not sent again by itself. Retry it once the cause is fixed.',
  held: 'It is sent when the endpoint is resumed; nothing is lost.',
} as const;
