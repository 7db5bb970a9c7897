import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { codeIn } from '../../support/outbox.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

export function describeAlerts(backend: Backend): void {
  describe('alerts', () => {
    const scene = new ConsoleScene(backend, 'alerts');

    test('an endpoint for alerts is made from there, and what happens to another appears by itself', async () => {
      const receiver = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: receiver.url, label: 'Orders service' });
      const page = await scene.open({ at: '/alerts' });
      await page.getByText('No endpoint is told').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);

      await page.getByRole('link', { name: 'New endpoint for alerts' }).first().click();
      await page.getByRole('heading', { name: 'New endpoint' }).waitFor();
      await page.getByLabel('URL').fill(receiver.url);
      await page.getByLabel('Label').fill('On call');
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.getByLabel('I have stored it').check();
      await page.getByRole('button', { name: 'Done', exact: true }).click();
      await page.getByRole('heading', { name: 'On call' }).waitFor();

      await scene.go(page, '/alerts');
      await page.getByRole('link', { name: 'On call' }).waitFor();
      await page.getByText('postrider.*', { exact: true }).waitFor();
      await scene.api.call('POST', `/v1/endpoints/${id}/pause`);
      await page.getByRole('link', { name: 'Paused by a person' }).waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
      await page.getByRole('link', { name: 'Orders service' }).click();
      await page.getByRole('heading', { name: 'Orders service' }).waitFor();
    });

    test('each endpoint that asks for an alert is listed once, whichever alerts it asks for', async () => {
      const { url } = await scene.receiver();
      await scene.api.endpoint({ url, label: 'Given up', events: ['postrider.delivery.exhausted'] });
      await scene.api.endpoint({ url, label: 'All alerts', events: ['postrider.*'] });
      const page = await scene.open({ at: '/alerts' });
      const told = page.getByRole('list', { name: 'Endpoints that are told' });
      await told.getByRole('link', { name: 'Given up' }).waitFor();
      expect(await told.getByRole('link', { name: 'All alerts' }).count()).toBe(1);
    });

    test('an address is added, confirmed by its code, and removed', async ({ skip }) => {
      const { mailTo } = scene.running;
      if (!mailTo) return skip();
      const { page } = await scene.watchedPage(/status of 422/);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/alerts');
      await page.getByRole('button', { name: 'Add an address' }).click();
      await page.getByLabel('Address').fill('nobody');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('must be one mail address').waitFor();
      await expectAccessible(page);
      const address = `${scene.tenant}@example.com`.toLowerCase();
      await page.getByLabel('Address').fill(address);
      await page.getByLabel('Endpoints resumed').uncheck();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Not confirmed').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);

      await page.getByLabel('Code from the mail').fill('nonsense');
      await page.getByRole('button', { name: 'Confirm the address' }).click();
      await page.getByText('not the newest code').waitFor();
      await page.getByLabel('Code from the mail').fill(codeIn((await mailTo(address)) ?? ''));
      await page.getByRole('button', { name: 'Confirm the address' }).click();
      await page.getByText('Confirmed', { exact: true }).waitFor();
      await page.getByText('Endpoints paused, Endpoints disabled, Deliveries given up').waitFor();
      await page.getByRole('button', { name: 'Remove the address' }).click();
      await page.getByRole('button', { name: 'Add an address' }).waitFor();
    });

    test('who may only read sees the alerts, and makes no endpoint', async () => {
      const page = await scene.open({ as: 'read', at: '/alerts' });
      await page.getByText('No endpoint is told').waitFor();
      expect(await page.getByRole('link', { name: 'New endpoint for alerts' }).count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Add an address' }).count()).toBe(0);
    });
  });
}
