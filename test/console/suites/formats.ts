import { beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../e2e/api.ts';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** axe takes a second for each look, and a machine may be busy. */
const LONG = { timeout: 60_000 };

/** A tenant whose customers have the format of Vellum: signed only with a secret of the customer's. */
export function describeFormats(backend: Backend): void {
  describe('formats', () => {
    const scene = new ConsoleScene(backend, 'formats');

    beforeEach(async () => {
      await scene.api.endpoint({ url: 'https://example.com/first', events: ['a.b'], dialect: 'vellum' });
    });

    test(
      'a new endpoint has the format of the first, and HMAC is a switch beside its authentication',
      LONG,
      async () => {
        const receiver = await scene.receiver();
        const { page } = await scene.watchedPage(/status of 422/);
        await page.goto(await scene.link('manage'));
        await scene.go(page, '/endpoints/new');
        await page.getByRole('heading', { name: 'New endpoint' }).waitFor();
        await page.getByLabel('URL').fill(receiver.url);
        await page.getByLabel('Every event').check();
        await page.getByLabel('Bearer token').check();
        await page.getByLabel('Token', { exact: true }).fill('a-token');
        const preview = page.getByLabel('What your server gets');
        await preview.getByText('authorization: Bearer').waitFor();
        expect(await preview.innerText()).not.toContain('x-vellum-signature');
        await page.getByLabel('Sign requests (HMAC)').check();
        await preview.getByText('x-vellum-signature').waitFor();
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Create endpoint' }).click();
        await page.locator('.error-box', { hasText: 'signing_secret must be' }).waitFor();
        await page.getByLabel('Your own secret').fill('a-secret-for-vellum');
        await page.getByRole('button', { name: 'Create endpoint' }).click();
        await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
        await page.locator('dialog pre', { hasText: 'a-secret-for-vellum' }).waitFor();
      },
    );

    test('one whose requests have no signature shows no secret', async () => {
      const receiver = await scene.receiver();
      const page = await scene.open({ at: '/endpoints/new' });
      await page.getByRole('heading', { name: 'New endpoint' }).waitFor();
      await page.getByLabel('URL').fill(receiver.url);
      await page.getByLabel('Label').fill('Unsigned');
      await page.getByLabel('Every event').check();
      await page.getByLabel('Sign requests (HMAC)').waitFor();
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.getByRole('heading', { name: 'Unsigned' }).waitFor();
      await scene.api.post({ type: 'order.paid' });
      const [{ headers } = { headers: {} }] = await eventually(
        async () => receiver.arrivals,
        (arrivals) => arrivals.length > 0,
      );
      expect(Object.keys(headers)).not.toContain('x-vellum-signature');
    });
  });
}
