import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

const OFFLINE = /ERR_INTERNET_DISCONNECTED|ERR_FAILED/;

export function describeNetwork(backend: Backend): void {
  describe('the console over a bad network', () => {
    const scene = new ConsoleScene(backend, 'network');

    test('says that it is offline, keeps what was read, and goes on by itself', async () => {
      await scene.api.post({ type: 'order.paid' });
      const { page } = await scene.watchedPage(OFFLINE);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/events');
      await page.getByRole('link', { name: 'order.paid' }).waitFor();
      await page.context().setOffline(true);
      await page.getByText('The service can’t be reached').waitFor({ timeout: 15_000 });
      expect(await page.getByRole('link', { name: 'order.paid' }).count()).toBe(1);
      await expectAccessible(page);
      await scene.api.post({ type: 'order.sent' });
      await page.context().setOffline(false);
      await page.getByRole('link', { name: 'order.sent' }).waitFor({ timeout: 15_000 });
      expect(await page.getByText('The service can’t be reached').count()).toBe(0);
    }, 60_000);

    test('shows at once that it is reading when the service is slow, and what it read when it comes', async () => {
      await scene.api.post({ type: 'order.paid' });
      const page = await scene.open();
      await page.route('**/v1/events*', async (route) => {
        await page.waitForTimeout(1500);
        await route.continue();
      });
      await scene.go(page, '/events');
      await page.getByRole('heading', { name: 'Events' }).waitFor();
      await page.getByLabel('Loading').waitFor();
      await page.getByRole('link', { name: 'order.paid' }).waitFor();
      await page.unrouteAll({ behavior: 'wait' });
    });
  });
}
