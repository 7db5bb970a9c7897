import { describe, expect, test } from 'vitest';
import { eventually } from '../../e2e/api.ts';
import type { Backend } from '../../e2e/backend.ts';
import { isLong } from '../../support/extent.ts';
import { ConsoleScene } from '../support/console-scene.ts';

const BATCHES = isLong ? 100 : 25;
const IN_A_BATCH = 100;
const PAGES = 20;
const DELIVERIES = BATCHES * IN_A_BATCH;

export function describeMany(backend: Backend): void {
  describe(`a history of ${DELIVERIES} deliveries`, () => {
    const scene = new ConsoleScene(backend, 'many');

    test('shows its newest at once, and older ones page after page', async () => {
      const receiver = await scene.receiver();
      await scene.api.endpoint({ url: receiver.url, label: 'Busy' });
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const events = Array.from({ length: IN_A_BATCH }, (_, n) => ({ type: 'order.paid', data: { batch, n } }));
        await scene.api.call('POST', '/v1/events/batch', { events });
      }
      await eventually(
        async () => receiver.arrivals.length,
        (count) => count >= DELIVERIES,
        { ms: 60_000 },
      );

      const page = await scene.open({ at: '/history' });
      const rows = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem');
      await rows.first().waitFor();
      const perPage = await rows.count();
      expect(perPage).toBeLessThanOrEqual(100);
      for (let opened = 2; opened <= PAGES; opened += 1) {
        await page.getByRole('button', { name: 'Show more' }).click();
        await rows.nth((opened - 1) * perPage).waitFor();
      }
      expect(await rows.count()).toBe(PAGES * perPage);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'order.paid' }).waitFor();
    }, 120_000);
  });
}
