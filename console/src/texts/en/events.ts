// What was posted, and to whom it went.

import { plural } from '../plural.ts';

export const events = {
  one: 'Event',
  title: 'Events',
  search: 'Event type, such as order.paid or order.*',
  externalId: 'Your own id',
  test: 'Test',
  filtered: (count: number) =>
    `${count} ${plural(count, 'endpoint', 'endpoints')} did not get it because of ${plural(count, 'its filter', 'their filters')}.`,
  empty: {
    title: 'No events yet',
    lead: 'An event is one thing that happened. Post one, and every endpoint that subscribes to its type gets it.',
  },
  noMatch: { title: 'No event matches', lead: 'None has this type and this id.' },
  gone: 'Its data was deleted.',
  tabs: { data: 'Data', trace: 'Trace' },
  facts: {
    id: 'Id',
    occurred: 'Happened',
    accepted: 'Accepted',
    project: 'Project',
    externalId: 'Your id',
  },
  deliveries: 'Deliveries',
  noDeliveries: 'No endpoint was subscribed to this type when it was posted.',
  none: 'No delivery',
  counts: (words: readonly string[]) => words.join(', '),
  replay: 'Send again…',
  replaying: {
    title: 'Send this event again',
    lead: 'It goes to every endpoint that matches it now, also to those that have it already. They see the same id, so they can drop it.',
    confirm: 'Send again',
    started: 'It is being sent again. The new deliveries appear below.',
  },
  copyAsCurl: 'Copy as curl',
} as const;
