import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** What a browser prints for an answer that a test asks for. */
const REFUSED = /status of 40[134]/;

/** On a busy machine a page's effect may come late. */
const BUSY = { timeout: 10_000 };

export function describeSessions(backend: Backend): void {
  describe('a session of the console', () => {
    const scene = new ConsoleScene(backend, 'sessions');

    test('is opened by a link, whose code leaves the address bar at once', async () => {
      const page = await scene.open();
      expect(page.url()).not.toContain('prc_');
      await page.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
    });

    test('is opened once by a link, whoever has it', async () => {
      const link = await scene.link('manage');
      const first = await scene.blankPage();
      await first.goto(link);
      await first.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
      const { page: second } = await scene.watchedPage(REFUSED);
      await second.goto(link);
      await second.getByRole('heading', { name: 'This link was used or has expired' }).waitFor();
      await expectAccessible(second);
      await expectNarrow(second);
    });

    test('ends with a reload: nothing is kept in the browser', async () => {
      const page = await scene.open();
      await page.reload();
      await page.getByRole('heading', { name: 'Open this page by its link' }).waitFor();
      await expectAccessible(page);
    });

    test('that is revoked ends on the page by itself', async () => {
      const made = await scene.sessionOf('manage');
      const { page } = await scene.watchedPage(REFUSED);
      await page.goto(`${scene.running.url}/#code=${made.code}`);
      await page.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
      const revoked = await scene.api.call('POST', `/v1/portal/sessions/${made.session?.id ?? made.id}/revoke`);
      expect(revoked.status).toBe(200);
      // The page asks every 20 s, and on AWS the gateway may remember a token for 10 s.
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor({ timeout: 35_000 });
      expect(await page.getByRole('navigation').count()).toBe(0);
      await expectAccessible(page);
    }, 60_000);

    test('gives its place to that of the next link, of another tenant: nothing of the first one stays or comes back', async () => {
      await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Of the first' });
      const { api } = scene;
      const first = await scene.sessionOf('manage');
      const { page } = await scene.watchedPage(REFUSED);
      await page.goto(`${scene.running.url}/#code=${first.code}`);
      await page.getByRole('link', { name: 'Of the first' }).waitFor();

      scene.changeTenant();
      const next = await scene.sessionOf('read');
      await page.evaluate(`location.hash = ${JSON.stringify(`#code=${next.code}`)}`);
      await page.getByText('can read').waitFor();
      await page.getByText('No endpoints yet').waitFor({ timeout: 5000 });
      expect(await page.getByText('Of the first').count()).toBe(0);
      expect(page.url()).not.toContain('prc_');

      // The page asks for its own session only: that the first one is over is nothing to it.
      expect((await api.call('POST', `/v1/portal/sessions/${first.id}/revoke`)).status).toBe(200);
      const asked = page.waitForResponse((response) => response.url().endsWith('/v1/portal/session'));
      await page.evaluate(`postMessage({ type: 'postrider:extended' })`);
      expect((await asked).status()).toBe(200);
      await page.getByText(next.tenant_id).waitFor();
      await page.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
      await page.getByText('can read').waitFor();
    });

    test('is signed out of, and its token is worth nothing then', async () => {
      const page = await scene.open();
      const asked = page.waitForRequest((request) => request.url().endsWith('/v1/portal/session/end'));
      await page.getByRole('button', { name: 'Sign out' }).click();
      const { authorization = '' } = await (await asked).allHeaders();
      await page.getByRole('heading', { level: 1 }).waitFor();
      const again = await scene.api.call('GET', '/v1/portal/session', undefined, { authorization });
      // On AWS the gateway may remember a token for 10 s.
      if (backend.name === 'embedded') expect(again.status).toBe(401);
    });

    test('begins at the place that its link names, in the light or dark that the platform chose', async () => {
      const { id } = await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Orders' });
      const { code } = await scene.sessionOf('read', { theme: { mode: 'dark' } });
      const page = await scene.blankPage();
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(
        `${scene.running.url}/#code=${code}&to=${encodeURIComponent(`/endpoints/${id}?status=retrying`)}`,
      );
      await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
      expect(new URL(page.url()).hash).toBe(`#/endpoints/${id}?status=retrying`);
      const [red = 0] = await page.evaluate<number[]>(
        `getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)`,
      );
      expect(red).toBeLessThan(60);
    });

    test('shows the screens that it may show, in the order that the platform gave', async () => {
      const page = await scene.open({ session: { screens: ['events', 'endpoints'] } });
      expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['Events', 'Endpoints']);
      await scene.go(page, '/api-keys');
      await page.getByRole('heading', { name: 'Nothing is here' }).waitFor();
    });

    test('links to no screen that it may not show', async () => {
      const { id: endpointId } = await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Orders' });
      await scene.api.change(endpointId, 'pause');
      const { id } = await scene.api.post({ type: 'order.paid' });
      await scene.ended(id, endpointId, 'held');
      const links = async (screens: string[]) => {
        const page = await scene.open({ session: { screens }, at: '/history' });
        await page.getByRole('link', { name: 'order.paid' }).click();
        await page.getByRole('heading', { name: 'order.paid' }).waitFor();
        await page.getByText('Orders', { exact: true }).waitFor();
        await page.getByRole('tab', { name: 'Event' }).click();
        await page.getByText(id, { exact: true }).waitFor();
        return page.locator('main').getByRole('link').allInnerTexts();
      };
      expect(await links(['history'])).toEqual(['Deliveries']);
      expect(await links(['history', 'endpoints', 'events'])).toEqual(['Deliveries', 'Orders', id]);
    });

    test('finds nothing of another tenant by an id in the address', async () => {
      const { id } = await scene.api.endpoint({ url: 'https://other.example.com/hook', label: 'Not yours' });
      scene.changeTenant();
      const { page } = await scene.watchedPage(REFUSED);
      await page.goto(await scene.link('manage'));
      await page.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
      await scene.go(page, `/endpoints/${id}`);
      await page.getByRole('alert').waitFor();
      await expectAccessible(page);
      expect(await page.getByText('Not yours').count()).toBe(0);
    });

    test('is themed by the platform, and its colours are still readable', async () => {
      const theme = { name: 'Acme hooks', accent: '#ffd400', radius: 2, font: 'Georgia, serif' };
      const page = await scene.open({ session: { theme } });
      await page.getByText('Acme hooks').waitFor();
      // The title follows the page in an effect.
      await expect.poll(() => page.title(), BUSY).toContain('Acme hooks');
      await expectAccessible(page);
    });
  });
}
