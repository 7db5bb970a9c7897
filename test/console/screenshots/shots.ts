import type { Page } from 'playwright-core';
import type { Sample } from './sample.ts';

/** A customer on an ordinary day, one who begins, one with much and long, one with a second factor; the operator; no session. */
export type Viewer = 'customer' | 'newcomer' | 'large' | 'guarded' | 'operator' | 'nobody';

export interface Shot {
  name: string;
  /** In the address's fragment. */
  at: string;
  viewer?: Viewer;
  /** What is clicked before the picture is taken. */
  prepare?: (page: Page) => Promise<unknown>;
  /** Undoes what would be seen in other pictures. */
  after?: (page: Page) => Promise<unknown>;
}

/** Every screen. */
export function shotsOf({ endpoint, troubledEndpoint, delivery, delivered, event }: Sample): readonly Shot[] {
  return [
    { name: 'endpoints', at: '/endpoints' },
    { name: 'endpoint', at: `/endpoints/${endpoint}` },
    { name: 'endpoint-failing', at: `/endpoints/${troubledEndpoint}` },
    { name: 'edit-endpoint', at: `/endpoints/${endpoint}/edit` },
    { name: 'new-endpoint', at: '/endpoints/new' },
    { name: 'new-endpoint-filled', at: '/endpoints/new', prepare: fillEndpoint },
    { name: 'deliveries', at: '/history' },
    { name: 'delivery', at: `/history/${delivery}` },
    { name: 'delivery-request', at: `/history/${delivery}`, prepare: openTab('Request') },
    { name: 'delivery-delivered', at: `/history/${delivered}` },
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
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Switch it on' }).click();
        await page.getByRole('img', { name: 'QR code' }).waitFor();
      },
    },
    { name: 'second-factor-on', at: '/second-factor', viewer: 'guarded' },
    { name: 'audit', at: '/audit-log' },
    { name: 'overview', at: '/overview', viewer: 'operator' },
    { name: 'tenants', at: '/tenants', viewer: 'operator' },
    { name: 'troubled', at: '/troubled?state=failing', viewer: 'operator' },
    { name: 'troubled-paused', at: '/troubled?state=paused', viewer: 'operator' },
    { name: 'dead-letters', at: '/dead-letters', viewer: 'operator' },
    { name: 'jobs', at: '/jobs', viewer: 'operator' },
    { name: 'sessions', at: '/sessions', viewer: 'operator' },
    { name: 'settings', at: '/settings', viewer: 'operator' },
    { name: 'platform-keys', at: '/api-keys', viewer: 'operator' },
    { name: 'platform-audit', at: '/audit-log', viewer: 'operator' },
  ];
}

export const openTab = (name: string) => async (page: Page) => {
  await page.getByRole('tab', { name }).click();
  await page.waitForTimeout(400);
};

async function fillEndpoint(page: Page): Promise<void> {
  await page.getByLabel('URL').fill('https://ci.acme.example/webhooks');
  await page.getByLabel('Label').fill('Build bot');
  await page.getByLabel('All of Task Events').check();
  await page.getByLabel('order.paid').check();
  await page.getByLabel('Bearer token').check();
  await page.getByText('host: ci.acme.example').waitFor();
}
