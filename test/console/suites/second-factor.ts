import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

/** The service answers these before the code is right. */
const REFUSED = /status of 403/;

/** What the app would show. @param step 1: the next code, where this one was used */
const codeOf = (secret: string, step = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + step * 30_000 });

/** Switches it on by clicking. @returns the secret */
async function enrol(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  const secret = await page.locator('pre').innerText();
  await page.getByLabel('Code of six digits').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  return secret;
}

export function describeSecondFactor(backend: Backend): void {
  describe('the second factor and the API keys', () => {
    const scene = new ConsoleScene(backend, 'factor');

    test('a second factor is switched on, and its recovery codes are shown once', async () => {
      const page = await scene.open({ at: '/second-factor' });
      await page.getByText('Sensitive calls, such as').waitFor();
      await expectAccessible(page);
      await enrol(page);
      expect((await page.locator('dialog pre').innerText()).split('\n')).toHaveLength(10);
      await page.keyboard.press('Escape');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'I have stored them' }).click();
      await page.getByText('10 of ten recovery codes are left').waitFor();
      await expectNarrow(page);
    });

    test('a wrong code is refused in the service’s words, at the field', async () => {
      const { page } = await scene.watchedPage(REFUSED);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/second-factor');
      await page.getByRole('button', { name: 'Switch it on' }).click();
      await page.getByLabel('Code of six digits').fill('000000');
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page
        .getByText(/wrong|not right|does not match/i)
        .first()
        .waitFor();
    });

    test('a key is created, shown once, used and revoked, each by a code of the factor', async () => {
      const { page } = await scene.watchedPage(REFUSED);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/second-factor');
      const secret = await enrol(page);
      await page.getByRole('button', { name: 'I have stored them' }).click();

      await scene.go(page, '/api-keys');
      await page.getByRole('button', { name: 'New key' }).first().click();
      await page.getByLabel('Name').fill('billing');
      await page.getByRole('button', { name: 'Create key' }).click();
      await page.getByRole('heading', { name: 'Confirm it’s you' }).waitFor();
      await page.getByLabel('Code').fill(codeOf(secret, 1));
      await page.getByLabel('Don’t ask again for ten minutes').check();
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByRole('heading', { name: 'Your new key' }).waitFor();
      await expectAccessible(page);
      const key = (await page.locator('dialog pre').innerText()).trim();
      expect(key).toMatch(/^prk_/);
      const call = () => scene.api.call('GET', '/v1/endpoints', undefined, { authorization: `Bearer ${key}` });
      // A tenant's key names no tenant.
      expect(
        (await fetch(`${scene.running.url}/v1/endpoints`, { headers: { authorization: `Bearer ${key}` } })).status,
      ).toBe(200);
      await page.getByRole('button', { name: 'I have stored it' }).click();
      expect(await page.content()).not.toContain(key);

      await page.getByRole('button', { name: 'Revoke…' }).click();
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      await page.getByText('Revoked', { exact: true }).waitFor();
      await expectAccessible(page);
      if (backend.name === 'embedded') expect((await call()).status).toBe(401);
    });

    test('an endpoint is revoked by its name and a code, and by neither alone', async () => {
      const { id } = await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Build bot' });
      const { page } = await scene.watchedPage(REFUSED);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/second-factor');
      const secret = await enrol(page);
      await page.getByRole('button', { name: 'I have stored them' }).click();

      await scene.go(page, `/endpoints/${id}`);
      await page.getByRole('button', { name: 'Revoke…' }).click();
      await page.getByLabel('Type Build bot to confirm').fill('Build bot');
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      await page.getByLabel('Code').fill('000000');
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page
        .getByText(/wrong|not right|does not match/i)
        .first()
        .waitFor();
      expect((await scene.api.get(`/v1/endpoints/${id}`)).status).toBe('active');
      await page.getByLabel('Code').fill(codeOf(secret, 1));
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByText('Revoked', { exact: true }).waitFor();
      expect((await scene.api.get(`/v1/endpoints/${id}`)).status).toBe('revoked');
    });

    test('of two calls at once one asks for a code, the other waits, and ten minutes confirm both', async () => {
      let status = 500;
      const receiver = await scene.receiver(() => status);
      const endpoint = await scene.api.endpoint({ url: receiver.url, retry: { delays: [] } });
      const posted = [await scene.api.post(), await scene.api.post()];
      for (const { id } of posted) await scene.ended(id, endpoint.id, 'exhausted');
      status = 200;
      const { page } = await scene.watchedPage(REFUSED);
      await page.goto(await scene.link('manage'));
      await scene.go(page, '/second-factor');
      const secret = await enrol(page);
      await page.getByRole('button', { name: 'I have stored them' }).click();

      await scene.go(page, '/history');
      await page.locator('.delivery-row button').nth(1).waitFor();
      await page.evaluate(`document.querySelectorAll('.delivery-row button').forEach((button) => button.click())`);
      const prompt = page.locator('dialog', { hasText: 'Confirm it’s you' });
      await prompt.waitFor();
      expect(await prompt.count()).toBe(1);
      await prompt.getByLabel('Code').fill(codeOf(secret, 1));
      await prompt.getByLabel('Don’t ask again for ten minutes').check();
      await prompt.getByRole('button', { name: 'Confirm' }).click();
      for (const { id } of posted) await scene.arrived(receiver, id, 2);
      expect(await prompt.count()).toBe(0);
    });

    test('all of it is in the audit log, with who did it', async () => {
      const page = await scene.open({ at: '/api-keys' });
      await page.getByRole('button', { name: 'New key' }).first().click();
      await page.getByLabel('Name').fill('metrics');
      await page.getByRole('button', { name: 'Create key' }).click();
      await page.getByRole('button', { name: 'I have stored it' }).click();
      await scene.go(page, '/audit-log?action=api-keys.create');
      const line = page.getByRole('listitem').filter({ hasText: 'ada@example.com' });
      await line.first().waitFor();
      expect(await line.first().innerText()).toContain('Done');
      await expectAccessible(page);
      await expectNarrow(page);
    });

    test('who may only read is shown no way to change anything', async () => {
      const page = await scene.open({ as: 'read', at: '/api-keys' });
      await page.getByRole('heading', { name: 'API keys', exact: true }).waitFor();
      expect(await page.getByRole('button', { name: /New key|Rotate|Revoke/ }).count()).toBe(0);
      await scene.go(page, '/second-factor');
      await page.getByRole('heading', { name: 'Second factor' }).waitFor();
      expect(await page.getByRole('button', { name: 'Switch it on' }).count()).toBe(0);
    });
  });
}
