import type { Page, Route } from 'playwright-core';
import type { Sample } from './sample.ts';
import type { Shot } from './shots.ts';

const API = '**/v1/**';
const PROBLEM = {
  type: 'https://postrider.dev/problems/internal',
  title: 'Internal error',
  status: 500,
  code: 'internal',
  instance: '/requests/01M81A1FHKB7PSC2BP93XBHKHM',
  detail: 'The service failed on this request. Try it again; if it fails again, tell us its id.',
};

/** Screens with nothing in them, with very much and very long, while they read, and when that fails. */
export function statesOf({ endpoint, long }: Sample): readonly Shot[] {
  return [
    ...[...EMPTY].map(([name, at]): Shot => ({ name: `empty-${name}`, at, viewer: 'newcomer' })),
    { name: 'no-match', at: '/history?status=abandoned&type=nothing.such' },
    { name: 'long-endpoints', at: '/endpoints', viewer: 'large' },
    { name: 'long-endpoint', at: `/endpoints/${long?.endpoint}`, viewer: 'large' },
    { name: 'long-deliveries', at: '/history', viewer: 'large' },
    { name: 'long-delivery', at: `/history/${long?.delivery}`, viewer: 'large' },
    { name: 'long-event', at: `/events/${long?.event}`, viewer: 'large' },
    { name: 'long-event-types', at: '/event-types', viewer: 'large' },
    { name: 'refused', at: '/endpoints/new', prepare: refused },
    { name: 'unknown-endpoint', at: '/endpoints/ep_01ARZ3NDEKTSV4RRFFQ69G5FAV' },
    { name: 'unknown-place', at: '/elsewhere' },
    { name: 'stopped', at: '/overview', viewer: 'operator', prepare: stop, after: goOn },
    { name: 'loading', at: '/nowhere', prepare: answered('/history', () => undefined), after: clear },
    { name: 'failed', at: '/nowhere', prepare: answered(`/endpoints/${endpoint}`, fail), after: clear },
    { name: 'stale', at: '/history', prepare: goOffline, after: clear },
    { name: 'no-session', at: '/', viewer: 'nobody' },
  ];
}

const EMPTY = [
  ['endpoints', '/endpoints'],
  ['deliveries', '/history'],
  ['events', '/events'],
  ['event-types', '/event-types'],
  ['alerts', '/alerts'],
  ['api-keys', '/api-keys'],
  ['audit', '/audit-log'],
] as const;

/** Goes there while the API answers so. */
const answered = (at: string, how: (route: Route) => unknown) => async (page: Page) => {
  await page.route(API, how);
  await page.evaluate(`location.hash = ${JSON.stringify(`#${at}`)}`);
  await page.waitForTimeout(700);
};

const fail = (route: Route) =>
  route.fulfill({
    status: 500,
    contentType: 'application/problem+json',
    body: JSON.stringify(PROBLEM),
  });

async function goOffline(page: Page): Promise<void> {
  await page.route(API, (route) => route.abort());
  await page.getByText('The service can’t be reached').waitFor();
}

const clear = (page: Page) => page.unrouteAll({ behavior: 'ignoreErrors' });

async function refused(page: Page): Promise<void> {
  await page.getByLabel('URL').fill('nonsense');
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  await page.locator('.wrong').first().waitFor();
}

async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop all sending…' }).click();
  await page.getByRole('button', { name: 'Stop all sending', exact: true }).click();
  await page.getByText('All sending was stopped').waitFor();
}

async function goOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('All sending was stopped').waitFor({ state: 'detached' });
}
