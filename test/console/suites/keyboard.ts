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

    /** The page is told that a dialog ends; as soon as it is away, a key puts the focus on a row. */
    const END_AND_GO_ON = (end: string) => `new Promise((done) => {
      const dialog = document.querySelector('dialog[open]');
      const goOn = () => {
        if (dialog.isConnected && dialog.open) return;
        document.querySelector('[data-row]').focus();
        watch.disconnect();
        setTimeout(() => done(document.activeElement.textContent), 300);
      };
      const watch = new MutationObserver(goOn);
      watch.observe(document.body, { childList: true, subtree: true });
      ${end};
      if (!dialog.open) goOn();
    })`;

    test.each([
      ['by a key', `dialog.dispatchEvent(new Event('cancel', { cancelable: true }))`],
      ['by the browser', 'dialog.close()'],
    ])('a dialog that is closed %s takes no focus back from where a person has gone since', async (_, end) => {
      await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Orders' });
      const page = await scene.open({ at: '/endpoints' });
      await page.getByRole('link', { name: 'Orders' }).waitFor();
      await expect.poll(() => isFocused(page.locator('main'))).toBe(true);
      await page.keyboard.press('?');
      await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
      expect(await page.evaluate<string>(END_AND_GO_ON(end))).toBe('Orders');
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

      // Tabbing may take longer than the five seconds after which it would be retried anyway.
      await scene.api.call('PATCH', `/v1/endpoints/${endpointId}`, { retry: { delays: [600] } });
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
