import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../e2e/api.ts';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** axe takes a second for each look, and a machine may be busy. */
const LONG = { timeout: 60_000 };

export function describeHistory(backend: Backend): void {
  describe('deliveries', () => {
    const scene = new ConsoleScene(backend, 'history');

    test('a new one appears by itself, fails, says what that means, and is retried by hand', LONG, async () => {
      let status = 503;
      const receiver = await scene.receiver(() => status);
      const endpoint = await scene.api.endpoint({ url: receiver.url, label: 'Orders', retry: { delays: [] } });
      const page = await scene.open({ at: '/history' });
      await page.getByText('No deliveries yet').waitFor();
      await expectAccessible(page);
      const { id } = await scene.api.post({ type: 'order.paid', data: { total: 5 } });
      await scene.ended(id, endpoint.id, 'exhausted');
      await page.getByText('503 Service Unavailable').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);

      await page.getByRole('link', { name: 'order.paid' }).click();
      await page.getByText('Your server can’t serve right now').waitFor();
      expect(await page.getByLabel('Answer').locator('pre').first().innerText()).toBe('seen');
      await expectAccessible(page);
      await expectNarrow(page);
      await page.getByRole('tab', { name: 'Request' }).click();
      await page.getByText('webhook-signature: (not shown)').waitFor();
      await expectAccessible(page);
      await page.getByRole('tab', { name: 'Event' }).click();
      await page.getByText('"total": 5').waitFor();

      status = 200;
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.getByText('A repeat of').waitFor();
      await page.locator('.pill', { hasText: 'Delivered' }).waitFor();
      await scene.arrived(receiver, id, 2);
    });

    test('one that waits shows when it is tried again, and goes now when it is asked to', async () => {
      const receiver = await scene.receiver((nth) => (nth === 1 ? 500 : 200));
      const endpoint = await scene.api.endpoint({ url: receiver.url, retry: { delays: [600, 3600] } });
      const { id } = await scene.api.post({ type: 'order.paid' });
      await scene.ended(id, endpoint.id, 'retrying');
      const { id: delivery } = await scene.api.delivery(id, endpoint.id);
      const page = await scene.open({ at: `/history/${delivery}` });
      await page.getByText('We try 2 more times until').waitFor();
      await page.getByText('Attempt 2', { exact: true }).waitFor();
      await page.getByText('Attempt 3').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Retry now' }).click();
      await scene.arrived(receiver, id, 2);
      await page.locator('.pill', { hasText: 'Delivered' }).waitFor();
    });

    test('each attempt shows its request, with its time, and without what is made with a secret', async () => {
      const receiver = await scene.receiver((nth) => (nth === 1 ? 500 : 200));
      const headers = { 'x-team': 'billing-secret' };
      const endpoint = await scene.api.endpoint({ url: receiver.url, retry: { delays: [1] }, headers });
      const { id } = await scene.api.post({ data: { total: 129.5 } });
      await scene.ended(id, endpoint.id, 'delivered');
      const { id: delivery } = await scene.api.delivery(id, endpoint.id);
      const page = await scene.open({ at: `/history/${delivery}` });
      await page.getByRole('tab', { name: 'Request' }).click();
      const shown = page.getByRole('tabpanel').locator('pre');
      for (const [nth, arrival] of receiver.of(id).entries()) {
        await page.locator('.timeline button').nth(nth).click();
        await shown.getByText(`webhook-timestamp: ${arrival.headers['webhook-timestamp']}`).waitFor();
        const text = await shown.innerText();
        expect(text).toContain('webhook-signature: (not shown)');
        expect(text).toContain('x-team: (not shown)');
        expect(text).toContain('129.5');
      }
      expect(await page.getByText('The endpoint was changed').count()).toBe(0);
      await scene.api.call('PATCH', `/v1/endpoints/${endpoint.id}`, { headers: { 'x-other': 'other-secret' } });
      await page.locator('.timeline button').nth(0).click();
      await page.getByText('The endpoint was changed').waitFor();
      await page.getByText('x-other: (not shown)').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
    });

    test('all that the filters show are retried by a job, and the filters are in the address', async () => {
      let status = 500;
      const receiver = await scene.receiver(() => status);
      const endpoint = await scene.api.endpoint({ url: receiver.url, label: 'Orders', retry: { delays: [] } });
      const posted = await Promise.all(
        ['order.paid', 'order.paid', 'order.sent'].map((type) => scene.api.post({ type })),
      );
      for (const { id } of posted) await scene.ended(id, endpoint.id, 'exhausted');
      status = 200;
      const page = await scene.open({ at: '/history' });
      await page.getByRole('link', { name: 'order.sent' }).waitFor();
      await page.getByLabel('Any status').selectOption({ label: 'Failed' });
      await page.getByRole('searchbox').fill('order.paid');
      await page.getByRole('link', { name: 'order.sent' }).waitFor({ state: 'detached' });
      // The list is read anew for each filter, and shows no row meanwhile.
      await expect.poll(() => page.url()).toContain('type=order.paid');
      expect(page.url()).toContain('status=exhausted');
      await page.getByRole('button', { name: 'Retry all…' }).click();
      await page.getByText('Only: Failed, order.paid.').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Retry them' }).click();
      await page.getByText('Done: 2 deliveries').waitFor();
      const [first, second, other] = posted.map(({ id }) => id);
      await scene.arrived(receiver, first, 2);
      await scene.arrived(receiver, second, 2);
      expect(receiver.of(other)).toHaveLength(1);
    });

    test('older ones come page by page, live waits meanwhile, and the newest are one click away', async () => {
      const receiver = await scene.receiver();
      await scene.api.endpoint({ url: receiver.url });
      for (let nth = 0; nth < 60; nth += 1) await scene.api.post({ type: `order.number-${nth}` });
      const page = await scene.open({ at: '/history' });
      await page.getByRole('link', { name: 'order.number-59' }).waitFor();
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.getByRole('link', { name: 'order.number-0', exact: true }).waitFor();
      expect(await page.getByRole('listitem').count()).toBe(60);
      await page.getByRole('button', { name: 'Back to the newest' }).click();
      await page.getByText('Live', { exact: true }).waitFor();
    });

    test('older ones come also where the filter is a time that goes on with the clock', async () => {
      const receiver = await scene.receiver();
      await scene.api.endpoint({ url: receiver.url });
      for (let nth = 0; nth < 60; nth += 1) await scene.api.post({ type: `order.number-${nth}` });
      const page = await scene.open({ at: '/history?since=3600' });
      await page.getByRole('link', { name: 'order.number-59' }).waitFor();
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.getByRole('link', { name: 'order.number-0', exact: true }).waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    test(
      'types of the catalogue are offered, and endpoints beyond the first hundred have their names',
      LONG,
      async () => {
        await scene.api.call('POST', '/v1/event-types', { type: 'order.known', description: 'Known' });
        for (let nth = 0; nth < 100; nth += 1)
          await scene.api.endpoint({ url: 'https://example.com', events: ['none'] });
        const receiver = await scene.receiver();
        await scene.api.endpoint({ url: receiver.url, label: 'The hundred-and-first', events: ['order.*'] });
        const { id } = await scene.api.post({ type: 'order.paid' });
        await scene.arrived(receiver, id);
        const page = await scene.open({ at: '/history' });
        await page.getByText('The hundred-and-first').waitFor();
        await page.getByRole('searchbox').focus();
        await page.locator('datalist option[value="order.known"]').waitFor({ state: 'attached' });
        await expectAccessible(page);
      },
    );

    test('one that consumers have committed says so, instead of asking to wait for an attempt', async () => {
      const endpoint = await scene.api.endpoint({ kind: 'poll' });
      const polled = `/v1/endpoints/${endpoint.id}`;
      await scene.api.call('PUT', `${polled}/consumers/billing`, { from: 'oldest' });
      const { id } = await scene.api.post({ type: 'order.paid' });
      const page = await scene.open({ at: '/history' });
      await page.getByText('no attempt yet').waitFor();
      const { cursor } = await eventually(
        () => scene.api.get(`${polled}/poll?consumer=billing`),
        ({ data }) => data.length > 0,
      );
      await scene.api.call('PUT', `${polled}/consumers/billing`, { cursor });
      await scene.ended(id, endpoint.id, 'delivered');
      await page.getByText('committed by every consumer').waitFor();
      await page.getByRole('link', { name: 'order.paid' }).click();
      await page.getByText('committed by every consumer').waitFor();
      expect(await page.getByText('no attempt yet').count()).toBe(0);
    });

    test('filters that match nothing are cleared by a button, in the search too', async () => {
      const receiver = await scene.receiver();
      await scene.api.endpoint({ url: receiver.url });
      await scene.api.post({ type: 'order.paid' });
      const page = await scene.open({ at: '/history' });
      await page.getByRole('link', { name: 'order.paid' }).waitFor();
      await page.getByRole('searchbox').fill('order.none');
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await page.getByRole('link', { name: 'order.paid' }).waitFor();
      expect(await page.locator('input[type=search]').inputValue()).toBe('');
      expect(page.url()).not.toContain('order.none');
    });

    test('a job that was started stays on the page, whatever screen is open, until it is closed', async () => {
      const receiver = await scene.receiver(() => 500);
      const endpoint = await scene.api.endpoint({ url: receiver.url, retry: { delays: [] } });
      const { id } = await scene.api.post({ type: 'order.paid' });
      await scene.ended(id, endpoint.id, 'exhausted');
      const page = await scene.open({ at: '/history' });
      await page.getByRole('link', { name: 'order.paid' }).waitFor();
      expect(await page.getByRole('button', { name: 'Retry all…' }).count()).toBe(0);
      await page.getByLabel('Any time').selectOption({ label: 'Last hour' });
      await page.getByRole('button', { name: 'Retry all…' }).click();
      await page.getByRole('button', { name: 'Retry them' }).click();
      await page.getByText('Done: 1 delivery').waitFor();
      await scene.go(page, '/event-types');
      await page.getByRole('heading', { name: 'Event types' }).waitFor();
      await page.getByText('Done: 1 delivery').waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByText('Done: 1 delivery').waitFor({ state: 'detached' });
    });

    test('the main job is done by keys alone', LONG, async () => {
      const receiver = await scene.receiver(() => 500);
      const endpoint = await scene.api.endpoint({ url: receiver.url, retry: { delays: [] } });
      const { id } = await scene.api.post({ type: 'order.first' });
      await scene.ended(id, endpoint.id, 'exhausted');
      const later = await scene.api.post({ type: 'order.second' });
      await scene.ended(later.id, endpoint.id, 'exhausted');
      const page = await scene.open({ at: '/history' });
      await page.getByRole('link', { name: 'order.first' }).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'Keyboard' }).waitFor({ state: 'hidden' });
      const steps = [
        ['j', 'order.second'],
        ['j', 'order.first'],
        ['k', 'order.second'],
        ['j', 'order.first'],
      ] as const;
      for (const [key, row] of steps) {
        await page.keyboard.press(key);
        await expect.poll(() => isFocused(page.getByRole('link', { name: row })), { timeout: 10_000 }).toBe(true);
      }
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'order.first' }).waitFor();
      const retry = page.getByRole('button', { name: 'Retry' });
      for (let nth = 0; nth < 30 && !(await isFocused(retry)); nth += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('A repeat of').waitFor();

      await scene.go(page, '/history');
      await page.getByRole('link', { name: 'order.second' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('order.second');
      await page.getByRole('link', { name: 'order.first' }).first().waitFor({ state: 'detached' });
    });
  });
}

const isFocused = (of: Locator) => of.evaluate((one) => one.ownerDocument.activeElement === one);
