import { Secret, TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { Api, eventually } from '../../e2e/api.ts';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** axe takes a second for each look, and a machine may be busy. */
const LONG = { timeout: 60_000 };

export function describeOneEndpoint(backend: Backend): void {
  describe('one endpoint', () => {
    const scene = new ConsoleScene(backend, 'one');

    test('a test is sent, and the server’s answer is shown with what it means', async () => {
      const receiver = await scene.receiver(() => 404);
      const { id } = await scene.api.endpoint({ url: receiver.url });
      const page = await scene.open({ at: `/endpoints/${id}` });
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.getByText('404 Not Found').first().waitFor({ timeout: 15_000 });
      await page.getByText('knows no such path').waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'See the delivery' }).click();
      await page.getByText('There is nothing at this URL').waitFor();
    });

    test('how its deliveries ended and how long they took is drawn, by day, week and month', LONG, async () => {
      let answer = 200;
      const receiver = await scene.receiver(() => answer);
      const endpoint = await scene.api.endpoint({ url: receiver.url, retry: { delays: [] } });
      for (const status of ['delivered', 'exhausted', 'delivered']) {
        answer = status === 'delivered' ? 200 : 500;
        const { id } = await scene.api.post();
        await scene.ended(id, endpoint.id, status);
      }
      const page = await scene.open({ at: `/endpoints/${endpoint.id}` });
      await page.getByRole('heading', { name: '2 delivered, 1 failed' }).waitFor();
      await page.getByRole('heading', { name: 'Half within' }).waitFor();
      await page.locator('.plot canvas').nth(1).waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
      await page.getByLabel('30 days').check();
      await page.getByRole('heading', { name: '2 delivered, 1 failed' }).waitFor();
    });

    test('its secret is rotated: the new one is shown once, and both sign for the time that was chosen', async () => {
      const { id } = await scene.api.endpoint({ url: 'https://example.com/hooks' });
      const page = await scene.open({ at: `/endpoints/${id}` });
      await page.getByRole('button', { name: 'Rotate…' }).click();
      await page.getByLabel('An hour').check();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Rotate', exact: true }).click();
      await page.getByRole('heading', { name: 'Your signing secret' }).waitFor();
      expect(await page.locator('dialog pre').innerText()).toMatch(/^whsec_/);
      await page.getByLabel('I have stored it').check();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByText('stops signing').waitFor();
      const { secrets } = await scene.api.get(`/v1/endpoints/${id}`);
      expect(secrets).toHaveLength(2);
    });

    test('what failed is recovered by a job, whose end is shown', async () => {
      let status = 500;
      const receiver = await scene.receiver(() => status);
      const endpoint = await scene.api.endpoint({ url: receiver.url, retry: { delays: [] } });
      const { id } = await scene.api.post();
      await scene.ended(id, endpoint.id, 'exhausted');
      status = 200;
      const page = await scene.open({ at: `/endpoints/${endpoint.id}` });
      await page.getByRole('button', { name: 'Recover…' }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByText('Done: 1 delivery').waitFor({ timeout: 15_000 });
      await scene.arrived(receiver, id, 2);
      await page.getByText('Repeat', { exact: true }).waitFor();
    });

    test('its charts are drawn in a browser whose language no formatter knows', async () => {
      const receiver = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: receiver.url });
      await scene.ended((await scene.api.post()).id, id, 'delivered');
      const page = await scene.blankPage();
      // What Chrome says on a Linux whose LANG is C.
      await page.addInitScript(`Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' })`);
      await page.goto(await scene.link('manage'));
      await page.getByRole('navigation').waitFor();
      await scene.go(page, `/endpoints/${id}`);
      await page.locator('.plot canvas').nth(1).waitFor();
    });

    test('all events since a time are replayed', async () => {
      const receiver = await scene.receiver();
      const endpoint = await scene.api.endpoint({ url: receiver.url });
      const { id } = await scene.api.post();
      await scene.arrived(receiver, id);
      const page = await scene.open({ at: `/endpoints/${endpoint.id}` });
      await page.getByRole('button', { name: 'Recover…' }).click();
      await page.getByLabel('Every event').check();
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByText('Sending events again').waitFor();
      await scene.arrived(receiver, id, 2);
      await page.getByText('Repeat', { exact: true }).waitFor();
    });

    test('is revoked only when its name is typed, and is then final', async () => {
      const { id } = await scene.api.endpoint({ url: 'https://example.com/hooks', label: 'Orders' });
      const page = await scene.open({ at: `/endpoints/${id}` });
      await page.getByRole('button', { name: 'Revoke…' }).click();
      await page.getByLabel('Type Orders to confirm').fill('orders');
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      await page.getByText('This is not its name.').waitFor();
      await expectAccessible(page);
      await page.getByLabel('Type Orders to confirm').fill('Orders');
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      const read = () => scene.api.get(`/v1/endpoints/${id}`);
      await eventually(read, ({ status }) => status === 'revoked');
      await page.getByText('It has no secret any more.').waitFor();
      expect(await page.getByRole('button', { name: 'Revoke…' }).count()).toBe(0);
    });

    test('revoking asks for the second factor where there is one, and a wrong code is refused at its field', async () => {
      const { id } = await scene.api.endpoint({ url: 'https://example.com/hooks', label: 'Orders' });
      const secret = await enrolled(scene);
      const { page } = await scene.watchedPage(/status of 403/);
      await page.goto(await scene.link('manage'));
      await scene.go(page, `/endpoints/${id}`);
      await page.getByRole('button', { name: 'Revoke…' }).click();
      await page.getByLabel('Type Orders to confirm').fill('Orders');
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      const prompt = page.locator('dialog', { hasText: 'Confirm it’s you' });
      await prompt.getByLabel('Code').fill('000000');
      await prompt.getByRole('button', { name: 'Confirm' }).click();
      await prompt.locator('.wrong').waitFor();
      await expectAccessible(page);
      expect(await scene.api.get(`/v1/endpoints/${id}`)).toMatchObject({ status: 'active' });
      await prompt.getByLabel('Code').fill(codeOf(secret, 1));
      await prompt.getByRole('button', { name: 'Confirm' }).click();
      await page.getByText('It has no secret any more.').waitFor();
      expect(await scene.api.get(`/v1/endpoints/${id}`)).toMatchObject({ status: 'revoked' });
    });
  });
}

/** What the app of the tenant's second factor shows. @param step 1: the next code, where this one was used */
const codeOf = (secret: string, step = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + step * 30_000 });

/** Switches on the tenant's second factor, by a key of its own: that of the scene is the platform's. */
async function enrolled(scene: ConsoleScene): Promise<string> {
  const { body: key } = await scene.api.call('POST', '/v1/api-keys', { name: 'owner' });
  const api = new Api({ url: scene.running.url, apiKey: key.secret });
  const { body: enrolment } = await api.call('POST', '/v1/mfa/enrol');
  const { status } = await api.call('POST', '/v1/mfa/confirm', { code: codeOf(enrolment.secret) });
  expect(status).toBe(200);
  return enrolment.secret;
}
