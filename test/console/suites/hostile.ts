import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../lib/local/service/listener.ts';
import type { Backend } from '../../e2e/backend.ts';
import { ConsoleScene } from '../support/console-scene.ts';

const HTML = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b id="mark">bold</b>`;

export function describeHostile(backend: Backend): void {
  describe('what customers and their servers send', () => {
    const scene = new ConsoleScene(backend, 'hostile');

    test('is text wherever it is shown: no element is made of it, and nothing of it runs', async () => {
      const server = createServer((_, response) => {
        response.writeHead(503, { 'content-type': 'text/html', 'x-html': HTML }).end(HTML);
      });
      const { url, close } = await listen(server, '127.0.0.1', 0);
      onTestFinished(() => close());
      const label = `Label ${HTML}`.slice(0, 64);
      const endpoint = await scene.api.endpoint({ url: `${url}/?q=%3Cb%20id=mark%3E`, label });
      const { id } = await scene.api.post({
        type: 'order.paid',
        data: { [HTML]: HTML },
        external_id: HTML.slice(0, 60),
      });
      await scene.ended(id, endpoint.id, 'retrying');
      const { id: delivery } = await scene.api.delivery(id, endpoint.id);

      const page = await scene.open();
      const places: [at: string, shows: string][] = [
        ['/endpoints', 'Label <img src=x'],
        ['/history', 'Label <img src=x'],
        [`/history/${delivery}`, '<script>window.hacked=1'],
        ['/events', '<img src=x'],
        [`/events/${id}`, '<script>window.hacked=1'],
        ['/audit-log', 'ada@example.com'],
      ];
      for (const [at, shows] of places) {
        await scene.go(page, at);
        await page.getByText(shows).filter({ visible: true }).first().waitFor();
        expect(await page.locator('main :is(#mark, img, script)').count(), at).toBe(0);
      }
      expect(await page.evaluate('window.hacked')).toBeUndefined();
    });

    test('is text in the name of a person too, and in what is asked and said of their sessions', async () => {
      const user = HTML.slice(0, 128);
      await scene.sessionOf('operator', { user });
      const page = await scene.open({ as: 'operator', at: '/sessions' });
      await page.getByRole('button', { name: `Revoke all… of ${user}` }).click();
      await page.getByRole('dialog').getByText(`${user} is signed out`).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke all' }).click();
      await page.getByText(`1 session of ${user} has ended.`).waitFor();
      await scene.go(page, '/audit-log');
      await page.locator('code', { hasText: user }).first().waitFor();
      expect(await page.locator(':is(main, dialog) :is(#mark, img, script)').count()).toBe(0);
      expect(await page.evaluate('window.hacked')).toBeUndefined();
    });
  });
}
