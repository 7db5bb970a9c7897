import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

export function describeEvents(backend: Backend): void {
  describe('events and their types', () => {
    const scene = new ConsoleScene(backend, 'events');

    test('an event that is posted appears by itself, with what came of it, and is sent again', async () => {
      const receiver = await scene.receiver();
      await scene.api.endpoint({ url: receiver.url, label: 'Orders service' });
      const page = await scene.open({ at: '/events' });
      await page.getByText('No events yet').waitFor();
      await expectAccessible(page);

      const { id } = await scene.api.post({ type: 'order.paid', data: { total: 12.5 }, external_id: 'A-1' });
      await page.getByRole('link', { name: 'order.paid' }).click();
      await page.getByRole('heading', { name: 'order.paid' }).waitFor();
      expect(await page.locator('pre').innerText()).toContain('"total": 12.5');
      await page.getByText('Delivered').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);

      await page.getByRole('button', { name: 'Send again…' }).click();
      await page.getByRole('button', { name: 'Send again', exact: true }).click();
      await scene.arrived(receiver, id, 2);
    });

    test('events are found by type and by the poster’s own id, and the filters are in the address', async () => {
      await scene.api.post({ type: 'order.paid', external_id: 'A-1' });
      await scene.api.post({ type: 'order.sent', external_id: 'A-2' });
      const page = await scene.open({ at: '/events' });
      await page.getByRole('link', { name: 'order.paid' }).waitFor();
      await page.getByRole('searchbox', { name: 'Your own id' }).fill('A-2');
      await page.getByRole('link', { name: 'order.paid' }).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'order.sent' }).waitFor();
      expect(page.url()).toContain('external_id=A-2');
      await scene.go(page, '/events?type=order.nothing');
      await page.getByText('No event matches').waitFor();
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await page.getByRole('link', { name: 'order.paid' }).waitFor();
    });

    test('a type of the catalogue has its schema, its example, what arrives, and how to verify that', async () => {
      const schema = { type: 'object', required: ['id'] };
      await scene.api.call('POST', '/v1/event-types', {
        type: 'order.paid',
        category: 'Orders',
        description: 'An order was paid',
        schema,
        example: { id: 'order-77' },
      });
      const page = await scene.open({ at: '/event-types' });
      await page.getByRole('searchbox').fill('was paid');
      await expectAccessible(page);
      await page.getByRole('link', { name: 'order.paid' }).click();
      await page.getByText('"id": "order-77"').waitFor();
      await page.getByText('webhook-signature: v1,').waitFor();
      await page.getByRole('tab', { name: 'Schema' }).click();
      await page.getByText('"required"').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);

      const snippet = page.getByLabel('Verify that it came from here');
      expect(await snippet.innerText()).toContain("import { createHmac, timingSafeEqual } from 'node:crypto'");
      await page.getByLabel('Sent as').selectOption('vem');
      await page.getByLabel('Python').check();
      await page.getByText('import hashlib').waitFor();
      expect(await snippet.innerText()).toContain('x-webhook-signature');
      await page.getByLabel('Sent as').selectOption('slack');
      await page.getByText('are not signed').waitFor();
    });
  });
}
