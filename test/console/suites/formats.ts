import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../e2e/api.ts';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** axe takes a second for each look, and a machine may be busy. */
const LONG = { timeout: 60_000 };

const isAtForm = (page: Page) => page.getByRole('heading', { name: 'New endpoint' }).waitFor();

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
        await isAtForm(page);
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
        await page.locator('.field', { hasText: 'Your own secret' }).getByText('signing_secret must be').waitFor();
        await page.getByLabel('Your own secret').fill('a-secret-for-vellum');
        await page.getByRole('button', { name: 'Create endpoint' }).click();
        await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
        await page.locator('dialog pre', { hasText: 'a-secret-for-vellum' }).waitFor();
      },
    );

    test('is that of the first endpoint that is there and is no chat, however many were before it', async () => {
      const { data } = await scene.api.get('/v1/endpoints');
      const made = await Promise.all(
        Array.from({ length: 6 }, () => scene.api.endpoint({ url: 'https://example.com' })),
      );
      await scene.api.endpoint({ url: 'https://hooks.slack.com/services/T0/B0/x' });
      await scene.api.endpoint({ url: 'https://example.com/later', dialect: 'ventryx' });
      await scene.api.endpoint({ url: 'https://example.com/last' });
      for (const { id } of [...data, ...made]) await scene.api.call('DELETE', `/v1/endpoints/${id}`);
      const page = await scene.open({ at: '/endpoints/new' });
      await isAtForm(page);
      await page.getByLabel('URL').fill('https://example.com/new');
      await page.getByText('ventryx-signature').waitFor();
    });

    test('the events that the platform documents are boxes, where there is no catalogue', async () => {
      const page = await scene.open({ at: '/endpoints/new' });
      await isAtForm(page);
      await page.getByLabel('URL').fill('https://example.com/hooks');
      await page.getByLabel('workflow_execution.usage_calculation.rejected').check();
      await page.getByText('"name": "workflow.usage_calculation.rejected"').waitFor();
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.getByText('Its requests are not signed').waitFor();
      const { data } = await scene.api.get('/v1/endpoints');
      expect(data.at(-1).events).toEqual(['workflow_execution.usage_calculation.rejected']);
    });

    test('a form is not shown before it is known which formats have a switch for their signature', async () => {
      const { page } = await scene.watchedPage(/ERR_FAILED/);
      await page.goto(await scene.link('manage'));
      await page.route('**/v1/dialects', (route) => route.abort());
      await scene.go(page, '/endpoints/new');
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('button', { name: 'Create endpoint' }).count()).toBe(0);
      await page.unroute('**/v1/dialects');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByLabel('Sign requests (HMAC)').waitFor();
    });

    test('what the form has ceased to show is not asked for: a chat needs no secret', async () => {
      const page = await scene.open({ at: '/endpoints/new' });
      await isAtForm(page);
      await page.getByLabel('URL').fill('https://example.com/hooks');
      await page.getByLabel('Every event').check();
      await page.getByLabel('Sign requests (HMAC)').check();
      await page.getByLabel('URL').fill('https://hooks.slack.com/services/T0/B0/x');
      await page.getByLabel('Label').fill('Our channel');
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.getByRole('heading', { name: 'Our channel' }).waitFor();
      await page.getByText('a chat verifies nothing').waitFor();
    });

    test('an endpoint that has no signature says so, and gets one with a secret of the customer’s', LONG, async () => {
      const receiver = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: receiver.url, dialect: 'vellum', label: 'Unsigned' });
      const { page } = await scene.watchedPage(/status of 422/);
      await page.goto(await scene.link('manage'));
      await scene.go(page, `/endpoints/${id}`);
      await page.getByText('Its requests are not signed').waitFor();
      await page.getByRole('button', { name: 'Sign requests…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Your own secret').waitFor();
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Sign requests' }).click();
      await dialog.locator('.field', { hasText: 'Your own secret' }).getByText('signing_secret must be').waitFor();
      await dialog.getByLabel('Your own secret').fill('a-secret-for-vellum');
      await dialog.getByRole('button', { name: 'Sign requests' }).click();
      await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
      await page.getByLabel('I have stored it').check();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('button', { name: 'Rotate…' }).waitFor();
      const posted = await scene.api.post({ type: 'order.paid' });
      const [arrival] = await eventually(
        async () => receiver.arrivals,
        (arrivals) => arrivals.length > 0,
      );
      expect(posted.deliveries).toBe(1);
      const { 'x-vellum-timestamp': at, 'x-vellum-signature': signature } = arrival?.headers ?? {};
      const signed = `${at}\nPOST\n${receiver.url}\n${arrival?.body}`;
      expect(signature).toBe(createHmac('sha256', 'a-secret-for-vellum').update(signed).digest('hex'));

      await scene.go(page, `/endpoints/${id}/edit`);
      await page.getByLabel('What your server gets').getByText('x-vellum-signature').waitFor();
    });

    test(
      'a secret is rotated in each format as that has room for it, and may be one that the server has',
      LONG,
      async () => {
        const own = await scene.api.endpoint({ url: 'https://example.com/one', dialect: 'vem' });
        const chat = { url: 'https://hooks.slack.com/services/T0/B0/x' };
        const chats = [await scene.api.endpoint(chat), await scene.api.endpoint({ ...chat, dialect: 'vem' })];
        const page = await scene.open({ at: `/endpoints/${own.id}` });
        await page.getByRole('button', { name: 'Rotate…' }).click();
        await page.getByLabel('Your own secret').fill('what they have');
        await page.getByText('When the new one takes over').waitFor();
        await page.getByRole('button', { name: 'Rotate', exact: true }).click();
        await page.locator('dialog pre', { hasText: 'what they have' }).waitFor();
        await page.getByLabel('I have stored it').check();
        await page.getByRole('button', { name: 'Done' }).click();
        await page.getByText('starts signing').waitFor();

        for (const { id } of chats) {
          await scene.go(page, `/endpoints/${id}`);
          await page.getByRole('button', { name: 'Rotate…' }).click();
          await page.getByLabel('Your own secret').waitFor();
          await page.getByRole('button', { name: 'Rotate', exact: true }).click();
          // Shown once: the rotation was accepted.
          await page.getByLabel('I have stored it').check();
          await page.getByRole('button', { name: 'Done' }).click();
        }
      },
    );

    test('an operator chooses another format for a tenant’s endpoint', async () => {
      const page = await scene.open({ as: 'operator', at: `/@${scene.tenant}/endpoints/new` });
      await isAtForm(page);
      await page.getByLabel('URL').fill('https://example.com/hooks');
      await page.getByLabel('Label').fill('Of another format');
      await page.getByLabel('Every event').check();
      await page.getByLabel('Sign requests (HMAC)').check();
      await page.getByText('More settings').click();
      await page.getByRole('combobox', { name: 'Format' }).selectOption('vem');
      await page.getByText('x-webhook-signature').waitFor();
      expect(await page.getByLabel('Sign requests (HMAC)').count()).toBe(0);
      await page.getByRole('button', { name: 'Create endpoint' }).click();
      await page.getByLabel('I have stored it').check();
      await page.getByRole('button', { name: 'Done', exact: true }).click();
      await page.getByRole('heading', { name: 'Of another format' }).waitFor();
      const { data } = await scene.api.get('/v1/endpoints');
      expect(data.at(-1)).toMatchObject({ dialect: 'vem', label: 'Of another format' });
    });

    test('the preview has the signature of a key pair when that is asked for', async () => {
      scene.changeTenant();
      const page = await scene.open({ at: '/endpoints/new' });
      await isAtForm(page);
      await page.getByLabel('URL').fill('https://example.com/hooks');
      await page.getByText('webhook-signature: v1,').waitFor();
      await page.getByText('More settings').click();
      await page.getByLabel('Add a signature that a public key verifies').check();
      await page.getByText(/webhook-signature: v1,\S+ v1a,/).waitFor();
    });

    test('one whose requests have no signature shows no secret', async () => {
      const receiver = await scene.receiver();
      const page = await scene.open({ at: '/endpoints/new' });
      await isAtForm(page);
      await page.getByLabel('URL').fill(receiver.url);
      await page.getByLabel('Label').fill('Unsigned');
      await page.getByLabel('Every event').check();
      await page.getByLabel('Sign requests (HMAC)').waitFor();
      await page.getByText('requests to this endpoint have no signature').waitFor();
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
