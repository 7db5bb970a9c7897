import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startService } from '../../../lib/local/service/service.ts';
import { listen } from '../../../lib/local/service/listener.ts';
import { Api, eventually } from '../../e2e/api.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { consoleFolder, embeddedWithConsole } from '../support/backends.ts';
import { ConsoleScene } from '../support/console-scene.ts';

const MINUTE = 60_000;

/** A page of a third party, which writes to every frame that it can name. */
async function startStranger(): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>Advert</title><p id="said"></p>
      <script>setTimeout(() => {
        for (let nth = 0; nth < parent.frames.length; nth += 1)
          parent.frames[nth].postMessage({ type: 'postrider:extended' }, '*');
        said.textContent = 'sent';
      }, 1500)</script>`);
  });
  const { url, close } = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close());
  return url;
}

/** A platform's own page with a frame in it, which notes what the frame tells it. @param more HTML after the frame */
async function startPlatform(more = '') {
  let address = '';
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>Acme</title>
      <script>heard = []; addEventListener('message', ({ data }) => heard.push(data.type))</script>
      <iframe title="Webhooks" width="900" height="700" src="${address}"></iframe>${more}`);
  });
  const { url, close } = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close());
  const show = (page: Page, framed: string) => {
    address = framed;
    return page.goto(url);
  };
  return { origin: url, show };
}

/** A service whose console this origin may frame, with a session of a tenant. */
async function startFramed(origin: string, clock?: VirtualClock) {
  const service = await startService({
    ...(clock && { clock }),
    dataDir: ':memory:',
    port: 0,
    log: new MemoryLog(),
    consoleFiles: consoleFolder(),
    console: { frameAncestors: [origin] },
  });
  onTestFinished(() => service.stop());
  const api = new Api(service, 'org_framed');
  const { body } = await api.call('POST', '/v1/portal/sessions', { user: 'ada', access: 'manage' });
  return { api, session: body, link: `${service.url}/#code=${body.code}`, url: service.url };
}

/** Which origins may show the console is a header of whoever serves it: nothing that a backend has a part in. */
export function describeFrames(): void {
  describe('the console in a frame of another origin', () => {
    const scene = new ConsoleScene(embeddedWithConsole, 'frames');

    test('is not shown unless the deployment lists that origin', async () => {
      const { page, complaints } = await scene.watchedPage(
        /another host was asked|^console: .*(Refused to frame|Framing)/,
      );
      const platform = await startPlatform();
      const loaded: string[] = [];
      page.on('requestfinished', (request) => loaded.push(new URL(request.url()).pathname));
      await platform.show(page, await scene.link('manage'));
      const frame = page.frameLocator('iframe');
      expect(await frame.locator('nav').count()).toBe(0);
      expect(loaded.filter((path) => path.startsWith('/assets/'))).toEqual([]);
      expect(complaints).toEqual([]);
    });

    test('works where it is listed, and renews its session by the platform’s backend', async () => {
      const { page } = await scene.watchedPage(/another host was asked/);
      const platform = await startPlatform();
      const { api, session, link } = await startFramed(platform.origin);
      await platform.show(page, link);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();

      const asked = page.waitForRequest((request) => request.url().endsWith('/v1/portal/session'));
      const { status, body } = await api.call('POST', `/v1/portal/sessions/${session.id}/extend`);
      expect(status, JSON.stringify(body)).toBe(200);
      await page.evaluate(
        `document.querySelector('iframe').contentWindow.postMessage({ type: 'postrider:extended' }, '*')`,
      );
      expect((await (await asked).response())?.status()).toBe(200);
    });

    test('tells the page around it five minutes before its hour is over, and ends by itself then', async () => {
      const { page } = await scene.watchedPage(/another host was asked/, /status of 401/);
      const platform = await startPlatform();
      // Not that of the browser: a reader's clock may be wrong by months.
      const clock = new VirtualClock();
      const { link } = await startFramed(platform.origin, clock);
      await page.clock.install();
      await platform.show(page, link);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
      const heard = () => page.evaluate<string[]>('heard');
      await page.clock.fastForward(54 * MINUTE);
      expect(await heard()).toEqual([]);
      await page.clock.fastForward(2 * MINUTE);
      expect(await eventually(heard, (types) => types.length > 0)).toEqual(['postrider:expiring']);
      await clock.advance(60 * MINUTE);
      await page.clock.fastForward(5 * MINUTE);
      await frame.getByRole('heading', { name: 'Your session has ended' }).waitFor();
      expect(await eventually(heard, (types) => types.length > 1)).toContain('postrider:expired');
    });

    test('hears its own platform only, and not a frame of a stranger beside it', async () => {
      const { page } = await scene.watchedPage(/another host was asked/);
      const stranger = await startStranger();
      const platform = await startPlatform(`<iframe title="Advert" src="${stranger}"></iframe>`);
      const { link } = await startFramed(platform.origin);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await platform.show(page, link);
      await page.frameLocator('iframe').first().getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
      await page.frameLocator('iframe').nth(1).getByText('sent').waitFor();
      await page.waitForTimeout(500);
      expect(asked).not.toContain('/v1/portal/session');
      await page.evaluate(`frames[0].postMessage({ type: 'postrider:extended' }, '*')`);
      await expect.poll(() => asked).toContain('/v1/portal/session');
    });

    test('is over after its hour in a window of its own, too: nothing that was shown stays', async () => {
      const { page } = await scene.watchedPage(/another host was asked/, /status of 401/);
      const clock = new VirtualClock();
      const { api, link } = await startFramed('https://app.example.com', clock);
      await api.endpoint({ url: 'https://example.com/hook', label: 'Orders service' });
      await page.clock.install();
      await page.goto(link);
      await page.getByRole('link', { name: 'Orders service' }).waitFor();
      await page.clock.fastForward(56 * MINUTE);
      await page.getByRole('link', { name: 'Orders service' }).waitFor();
      await clock.advance(60 * MINUTE);
      await page.clock.fastForward(5 * MINUTE);
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
      expect(await page.getByText('Orders service').count()).toBe(0);
      expect(await page.getByRole('navigation').count()).toBe(0);
    });

    test('tells the page around it that the session has ended', async () => {
      const { page } = await scene.watchedPage(/another host was asked/, /status of 401/);
      const platform = await startPlatform();
      const { api, session, link } = await startFramed(platform.origin);
      await platform.show(page, link);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
      await api.call('POST', `/v1/portal/sessions/${session.id}/revoke`);
      await page.evaluate(
        `document.querySelector('iframe').contentWindow.postMessage({ type: 'postrider:extended' }, '*')`,
      );
      await frame.getByRole('heading', { name: 'Your session has ended' }).waitFor();
      const heard = () => page.evaluate<string[]>('heard');
      expect(await eventually(heard, (types) => types.length > 0)).toContain('postrider:expired');
    });
  });
}
