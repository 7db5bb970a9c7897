import type { Page } from 'playwright-core';
import type { Sample } from './sample.ts';
import type { Shot } from './shots.ts';

/** A click on a button, found by its words or a part of them. */
const click =
  (name: string, exact = false) =>
  (page: Page) =>
    page.getByRole('button', { name, exact }).first().click();

/** Every dialog, over the screen that opens it. */
export function dialogsOf({ endpoint, troubledEndpoint, event }: Sample): readonly Shot[] {
  const endpointAt = `/endpoints/${endpoint}`;
  return [
    { name: 'dialog-disable', at: '/endpoints', prepare: (page) => page.getByRole('switch').first().click() },
    { name: 'dialog-reactivate', at: '/endpoints', prepare: click('Re-activate') },
    { name: 'dialog-test', at: `${endpointAt}?test=1`, prepare: sendTest },
    { name: 'dialog-test-failed', at: `/endpoints/${troubledEndpoint}?test=1`, prepare: sendTest },
    { name: 'dialog-rotate', at: endpointAt, prepare: click('Rotate…') },
    { name: 'dialog-recover', at: endpointAt, prepare: click('Recover…') },
    { name: 'dialog-revoke', at: endpointAt, prepare: click('Revoke…') },
    { name: 'dialog-secret', at: '/endpoints/new', viewer: 'large', prepare: createEndpoint },
    { name: 'dialog-retry-all', at: '/history?status=exhausted', prepare: click('Retry all…') },
    { name: 'dialog-replay', at: `/events/${event}`, prepare: click('Send again…') },
    { name: 'dialog-mail', at: '/alerts', prepare: click('Add an address') },
    { name: 'dialog-new-key', at: '/api-keys', prepare: openNewKey },
    { name: 'dialog-key-shown', at: '/api-keys', viewer: 'large', prepare: createKey },
    { name: 'dialog-rotate-key', at: '/api-keys', prepare: click('Rotate…') },
    { name: 'dialog-revoke-key', at: '/api-keys', prepare: click('Revoke…') },
    { name: 'dialog-code', at: '/api-keys', viewer: 'guarded', prepare: askForCode, after: giveUp },
    { name: 'dialog-keyboard', at: '/events', prepare: (page) => page.keyboard.press('?'), after: click('Close') },
    { name: 'dialog-stop', at: '/overview', viewer: 'operator', prepare: click('Stop all sending…') },
    { name: 'dialog-redrive', at: '/dead-letters', viewer: 'operator', prepare: click('Redrive 100…') },
    { name: 'dialog-portal-link', at: '/tenants', viewer: 'operator', prepare: click('Portal link…') },
    { name: 'dialog-end-all', at: '/sessions', viewer: 'operator', prepare: click('Revoke all…') },
  ];
}

async function sendTest(page: Page): Promise<void> {
  await click('Send', true)(page);
  await page.getByRole('link', { name: 'See the delivery' }).waitFor();
}

async function createEndpoint(page: Page): Promise<void> {
  await page.getByLabel('URL').fill('https://example.com/webhooks');
  await page.getByLabel('Every event').check();
  await click('Create endpoint')(page);
  await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
}

async function openNewKey(page: Page): Promise<void> {
  await click('New key')(page);
  await page.getByLabel('Only some things').check();
}

async function createKey(page: Page): Promise<void> {
  await click('New key')(page);
  await page.getByRole('dialog').getByLabel('Name').fill('billing');
  await click('Create key')(page);
  await page.getByRole('heading', { name: 'Your new key' }).waitFor();
}

/** The prompt is over the dialog that waits for its code. */
const giveUp = (page: Page) => page.getByRole('button', { name: 'Cancel' }).last().click();

async function askForCode(page: Page): Promise<void> {
  await click('New key')(page);
  await page.getByRole('dialog').getByLabel('Name').fill('billing');
  await click('Create key')(page);
  await page.getByRole('heading', { name: 'Confirm it’s you' }).waitFor();
}
