import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** axe takes a second for each look, and a machine may be busy. */
const LONG = { timeout: 60_000 };

/** Copies what a code block shows, by its button, and says what was copied. */
async function copied(page: Page): Promise<string> {
  await page.locator('dialog .copy').click();
  await page.locator('dialog').getByText('Copied').waitFor();
  return (await page.locator('dialog pre').innerText()).trim();
}

/** The list has a field whose name has that of the form's in it. */
const isAtForm = (page: Page) => page.getByRole('heading', { name: 'New endpoint' }).waitFor();

export function describeEndpoints(backend: Backend): void {
  describe('endpoints', () => {
    const scene = new ConsoleScene(backend, 'endpoints');

    test(
      'one is made by clicking, its secret shown once, and an event arrives there and in the list, live',
      LONG,
      async () => {
        const receiver = await scene.receiver();
        const page = await scene.open({ at: '/endpoints' });
        await page.getByText('No endpoints yet').waitFor();
        await expectAccessible(page);
        await page.getByRole('link', { name: 'New endpoint' }).first().click();
        await isAtForm(page);
        await page.getByLabel('URL').fill(receiver.url);
        await page.getByLabel('Label').fill('Orders service');
        await page.getByLabel('Every event').check();
        await page.getByText('webhook-signature: v1,').waitFor();
        await expectAccessible(page);
        await expectNarrow(page);
        await page.getByRole('button', { name: 'Create endpoint' }).click();
        await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
        expect(await copied(page)).toMatch(/^whsec_/);
        // A browser closes a dialog at the second Escape, and the secret would be gone.
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
        await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
        expect(await page.getByRole('button', { name: 'Done', exact: true }).isDisabled()).toBe(true);
        await page.getByLabel('I have stored it').check();
        await page.getByRole('button', { name: 'Done', exact: true }).click();
        await page.getByRole('heading', { name: 'Orders service' }).waitFor();
        await page.getByText('Nothing was sent yet').waitFor();
        await expectAccessible(page);

        const { id } = await scene.api.post({ type: 'order.paid' });
        await scene.arrived(receiver, id);
        await page.getByRole('link', { name: 'order.paid' }).waitFor();
        await page.locator('.pill', { hasText: 'Delivered' }).waitFor();
        expect(await page.content()).not.toContain('whsec_');
        await expectAccessible(page);
        await expectNarrow(page);
      },
    );

    test('a refused field says why at its place, and what was typed stays', async () => {
      const { page } = await scene.watchedPage(/status of 422/);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/endpoints/new');
      await isAtForm(page);
      await page.getByLabel('URL').fill('nonsense');
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.locator('.wrong').first().waitFor();
      expect(await page.getByLabel('URL').inputValue()).toBe('nonsense');
      await expectAccessible(page);
    });

    test(
      'is switched off and on in the list, paused instead of disabled, and what was held is released',
      LONG,
      async () => {
        const receiver = await scene.receiver();
        await scene.api.endpoint({ url: receiver.url, label: 'Orders' });
        const page = await scene.open({ at: '/endpoints' });
        const toggle = page.getByRole('switch', { name: 'Orders is enabled' });
        await toggle.click();
        await page.getByRole('heading', { name: 'Disable Orders?' }).waitFor();
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText('Paused by hand.').waitFor();
        const { id } = await scene.api.post();
        await page.getByText('1 delivery is held; nothing is lost.').waitFor({ timeout: 20_000 });
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Re-activate…' }).click();
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Re-activate', exact: true }).click();
        await scene.arrived(receiver, id);
        await page.locator('.pill', { hasText: 'Active' }).waitFor();

        await toggle.click();
        await page.getByRole('button', { name: 'Disable', exact: true }).click();
        await page.locator('.pill', { hasText: 'Disabled' }).waitFor();
        await toggle.click();
        await page.locator('.pill', { hasText: 'Active' }).waitFor();
      },
    );

    test('are found by label and by URL, and the search is in the address', async () => {
      await scene.api.endpoint({ url: 'https://orders.example.com/in', label: 'First' });
      await scene.api.endpoint({ url: 'https://example.com/second', label: 'Orders, too' });
      await scene.api.endpoint({ url: 'https://example.com/third', label: 'Third' });
      const page = await scene.open({ at: '/endpoints' });
      await page.getByRole('link', { name: 'Third' }).waitFor();
      await page.getByRole('searchbox').fill('orders');
      await page.getByRole('link', { name: 'Third' }).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'First' }).waitFor();
      await page.getByRole('link', { name: 'Orders, too' }).waitFor();
      expect(page.url()).toContain('q=orders');
    });

    test('one is edited: events, authentication, filter with a trial, retries', LONG, async () => {
      const endpoint = await scene.api.endpoint({ url: 'https://example.com/hooks', label: 'Orders' });
      const page = await scene.open({ at: `/endpoints/${endpoint.id}/edit` });
      await page.getByLabel('Every event').uncheck();
      await page.getByLabel('Another type or pattern').fill('order.*');
      await page.getByLabel('Another type or pattern').press('Enter');
      await page.getByLabel('API key in a header').check();
      await page.getByLabel('Header', { exact: true }).fill('X-Api-Key');
      await page.getByLabel('Key', { exact: true }).fill('a-secret-of-acme');
      await page.getByText('x-api-key: ••••••').waitFor();
      await page.getByText('More settings').click();
      await page.getByRole('combobox', { name: 'Retries' }).selectOption('custom');
      await page.getByLabel('Delays in seconds').fill('5, 50');
      await page.getByRole('textbox', { name: 'Filter' }).fill('{"total": {"$gte": 100}}');
      await page.getByLabel('Try it on this data').fill('{"total": 20}');
      await page.getByText('This event would not be sent').waitFor();
      await page.getByLabel('Try it on this data').fill('{"total": 200}');
      await page.getByText('This event would be sent.').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
      expect(await scene.api.get(`/v1/endpoints/${endpoint.id}`)).toMatchObject({
        events: ['order.*'],
        auth: { type: 'header', header: 'x-api-key' },
        retry: { delays: [5, 50] },
        filter: { total: { $gte: 100 } },
      });
      expect(await page.content()).not.toContain('a-secret-of-acme');
    });

    test('a number that is none and a filter that is no JSON are refused at their fields, and change nothing', async () => {
      const endpoint = await scene.api.endpoint({ url: 'https://example.com/hooks', rate_limit_per_second: 5 });
      const { page } = await scene.watchedPage(/status of 422/);
      await page.goto(await scene.link('manage'));
      await scene.go(page, `/endpoints/${endpoint.id}/edit`);
      await page.getByText('More settings').click();
      const [rate, filter] = [page.getByLabel('Requests a second'), page.getByRole('textbox', { name: 'Filter' })];
      await rate.fill('5/s');
      await filter.fill('{"total": ');
      await page.getByRole('button', { name: 'Save' }).click();
      for (const field of [rate, filter]) await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
      expect(await scene.api.get(`/v1/endpoints/${endpoint.id}`)).toMatchObject({ rate_limit_per_second: 5 });
      await expectAccessible(page);
    });

    test('a refusal of what is folded away unfolds it, so that its words are seen', async () => {
      const { page } = await scene.watchedPage(/status of 422/);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/endpoints/new');
      await isAtForm(page);
      await page.getByLabel('URL').fill('https://example.com/hooks');
      await page.getByLabel('Every event').check();
      await page.getByText('More settings').click();
      const limit = page.getByLabel('Time limit in seconds');
      await limit.fill('99');
      await page.getByText('More settings').click();
      await limit.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.locator('.wrong').filter({ visible: true }).waitFor();
      expect(await limit.evaluate((one) => one.ownerDocument.activeElement === one)).toBe(true);
    });

    test('one that is polled is made, shown with how to poll it, tested, edited and revoked', LONG, async () => {
      const page = await scene.open({ at: '/endpoints/new' });
      await isAtForm(page);
      await page.getByLabel('Polled by your server').check();
      await page.getByLabel('Every event').check();
      expect(await page.getByLabel('URL').count()).toBe(0);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.getByLabel('I have stored it').check();
      await page.getByRole('button', { name: 'Done, send a test' }).click();
      await page.getByRole('heading', { name: 'Send a test' }).waitFor();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.getByText('No answer yet').waitFor({ timeout: 20_000 });
      await page.getByRole('link', { name: 'See the delivery' }).click();
      await page.getByRole('tab', { name: 'Request' }).click();
      await page.getByText('webhook-signature: v1,').waitFor();
      await scene.go(page, '/endpoints');
      await page.getByText('Your server asks for its deliveries.').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
      await page.getByRole('link', { name: 'Polled endpoint' }).click();
      await page.getByText('/poll?wait=20').waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Edit' }).click();
      await page.getByLabel('Label').fill('My laptop');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'My laptop' }).waitFor();
      await page.getByRole('button', { name: 'Revoke…' }).click();
      await page.getByLabel('Type My laptop to confirm').fill('My laptop');
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      await page.getByText('It has no secret any more.').waitFor();
    });

    test('why there is no preview is said in the service’s words', async () => {
      const { page } = await scene.watchedPage(/status of 422/);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/endpoints/new');
      await isAtForm(page);
      await page.getByLabel('One project').check();
      await page.getByLabel('Project id').fill('x'.repeat(2000));
      await page.getByLabel('URL').fill('https://example.com/hooks');
      await page.getByRole('complementary').getByText('project').waitFor();
    });

    test('a URL of Slack is recognised while it is typed, and the preview is its message', async () => {
      const page = await scene.open({ at: '/endpoints/new' });
      await isAtForm(page);
      await page.getByLabel('URL').fill('https://hooks.slack.com/services/T0/B0/x');
      await page.getByText('This is a Slack webhook').waitFor();
      await page.getByText('"blocks"').waitFor();
    });

    test('who may only read sees everything and is offered no change', async () => {
      const endpoint = await scene.api.endpoint({ url: 'https://example.com/hooks', label: 'Orders' });
      const page = await scene.open({ as: 'read', at: `/endpoints/${endpoint.id}` });
      await page.getByText('https://example.com/hooks').waitFor();
      await expectAccessible(page);
      for (const name of ['Send a test', 'Pause', 'Rotate…', 'Recover…', 'Revoke…']) {
        expect(await page.getByRole('button', { name }).count(), name).toBe(0);
      }
      await scene.go(page, '/endpoints');
      await page.getByRole('link', { name: 'Orders' }).waitFor();
      expect(await page.getByRole('switch').count()).toBe(0);
      expect(await page.getByRole('link', { name: 'New endpoint' }).count()).toBe(0);
    });
  });
}
