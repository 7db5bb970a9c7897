import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

export function describeAlerts(backend: Backend): void {
  describe('alerts', () => {
    const scene = new ConsoleScene(backend, 'alerts');

    test('an endpoint for alerts is made from there, and what happens to another appears by itself', async () => {
      const receiver = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: receiver.url, label: 'Orders service' });
      const page = await scene.open({ at: '/alerts' });
      await page.getByText('Nobody is told').waitFor();
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

    test('who may only read sees the alerts, and makes no endpoint', async () => {
      const page = await scene.open({ as: 'read', at: '/alerts' });
      await page.getByText('Nobody is told').waitFor();
      expect(await page.getByRole('link', { name: 'New endpoint for alerts' }).count()).toBe(0);
    });
  });
}
