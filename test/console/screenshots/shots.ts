import type { Page } from 'playwright-core';
import type { Sample } from './sample.ts';

export interface Shot {
  name: string;
  /** In the address's fragment. */
  at: string;
  isOperator?: boolean;
  /** What is clicked before the picture is taken. */
  prepare?: (page: Page) => Promise<unknown>;
}

/** Every screen. */
export function shotsOf({ endpoint, delivery, event }: Sample): readonly Shot[] {
  return [
    { name: 'endpoints', at: '/endpoints' },
    { name: 'endpoint', at: `/endpoints/${endpoint}` },
    { name: 'new-endpoint', at: '/endpoints/new' },
    { name: 'deliveries', at: '/history' },
    { name: 'delivery', at: `/history/${delivery}` },
    { name: 'events', at: '/events' },
    { name: 'event', at: `/events/${event}` },
    { name: 'event-types', at: '/event-types' },
    { name: 'event-type', at: '/event-types/order.paid' },
    { name: 'alerts', at: '/alerts' },
    { name: 'api-keys', at: '/api-keys' },
    { name: 'second-factor', at: '/second-factor' },
    {
      name: 'second-factor-enrolment',
      at: '/second-factor',
      prepare: (page) =>
        page
          .getByRole('button', { name: 'Switch it on' })
          .click()
          .then(() => page.waitForTimeout(300)),
    },
    { name: 'audit', at: '/audit-log' },
    { name: 'overview', at: '/overview', isOperator: true },
    { name: 'tenants', at: '/tenants', isOperator: true },
    { name: 'troubled', at: '/troubled?state=paused', isOperator: true },
    { name: 'dead-letters', at: '/dead-letters', isOperator: true },
    { name: 'jobs', at: '/jobs', isOperator: true },
    { name: 'sessions', at: '/sessions', isOperator: true },
    { name: 'settings', at: '/settings', isOperator: true },
  ];
}
