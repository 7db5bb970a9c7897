import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** More than any screen has of what can be reached by the key. */
const MOST_TABS = 80;

const isFocused = (of: Locator) => of.evaluate((one) => one.ownerDocument.activeElement === one);

/** Presses Tab until it is there, as whoever has no mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
    if (await isFocused(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key never came to ${target}.`);
}

export function describeKeyboard(backend: Backend): void {
  describe('without a mouse', () => {
    const scene = new ConsoleScene(backend, 'keyboard');

    test('a dialog that the browser closes takes no focus back from where a person has gone meanwhile', async () => {
      await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Orders' });
      const page = await scene.open({ at: '/endpoints' });
      const row = page.getByRole('link', { name: 'Orders' });
      await row.waitFor();
      await expect.poll(() => isFocused(page.locator('main'))).toBe(true);
      await page.keyboard.press('?');
      await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
      // The page is told of the end in a task of its own: on a busy machine a key may be pressed before that.
      await page.evaluate(
        `document.querySelector('dialog[open]').close(); document.querySelector('[data-row]').focus()`,
      );
      await page.getByRole('heading', { name: 'Keyboard' }).waitFor({ state: 'detached' });
      expect(await isFocused(row)).toBe(true);
    });

    test('an endpoint is made, its secret kept, and what failed there is retried', async () => {
      let status = 500;
      const receiver = await scene.receiver(() => status);
      const page = await scene.open({ at: '/endpoints' });
      await tabTo(page, page.getByRole('link', { name: 'New endpoint' }).first());
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByLabel('URL'));
      await page.keyboard.type(receiver.url);
      await tabTo(page, page.getByLabel('Label'));
      await page.keyboard.type('Orders service');
      await tabTo(page, page.getByLabel('Every event'));
      await page.keyboard.press('Space');
      await tabTo(page, page.getByRole('button', { name: 'Create endpoint' }));
      await page.keyboard.press('Enter');

      await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
      await tabTo(page, page.getByLabel('I have stored it'));
      await page.keyboard.press('Space');
      await tabTo(page, page.getByRole('button', { name: 'Done', exact: true }));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Orders service' }).waitFor();
      const [{ id: endpointId }] = (await scene.api.get('/v1/endpoints')).data;

      const { id } = await scene.api.post({ type: 'order.paid' });
      await scene.ended(id, endpointId, 'retrying');
      status = 200;
      await tabTo(page, page.getByRole('link', { name: 'order.paid' }));
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByRole('button', { name: 'Retry now' }));
      await page.keyboard.press('Enter');
      await scene.arrived(receiver, id, 2);
      await page.locator('.pill', { hasText: 'Delivered' }).waitFor();
      expect(await page.content()).not.toContain('whsec_');
    });
  });
}
