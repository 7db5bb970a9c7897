import { describe, expect, test } from 'vitest';
import { Api, type Json, eventually } from '../../e2e/api.ts';
import type { Backend } from '../../e2e/backend.ts';
import { expectAccessible, expectNarrow } from '../support/access.ts';
import { ConsoleScene } from '../support/console-scene.ts';

export function describeOperator(backend: Backend): void {
  describe('the operator’s screens', () => {
    const scene = new ConsoleScene(backend, 'operator');

    test('the overview shows the flow, and its brake stops all sending and lets it go on', async () => {
      const receiver = await scene.receiver();
      await scene.api.endpoint({ url: receiver.url });
      const page = await scene.open({ as: 'operator', at: '/overview' });
      await page.getByText('Accepted today').waitFor();
      await page.getByText(/^Sweep (is up to date|has not run yet)\.$/).waitFor();
      await expectAccessible(page);
      await expectNarrow(page);

      await page.getByRole('button', { name: 'Stop all sending…' }).click();
      await page.getByRole('button', { name: 'Stop all sending', exact: true }).click();
      await page.getByText('All sending was stopped').waitFor();
      await expectAccessible(page);
      expect((await new Api(scene.running).get('/v1/brake')).braked_since).not.toBeNull();

      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByText('All sending was stopped').waitFor({ state: 'detached' });
      expect((await new Api(scene.running).get('/v1/brake')).braked_since).toBeNull();
    });

    test('the overview says how soon first attempts are made and how long requests take', async () => {
      const receiver = await scene.receiver();
      await scene.api.endpoint({ url: receiver.url });
      const { id } = await scene.api.post();
      await scene.arrived(receiver, id);
      await eventually(
        () => new Api(scene.running).get('/v1/ops/usage?limit=100'),
        ({ data }) => data.some((one: Json) => one.tenant_id === scene.tenant && one.requests.length > 0),
      );
      const page = await scene.open({ as: 'operator', at: '/overview' });
      const flow = page.getByRole('region', { name: 'The flow' });
      const first = flow.locator('> div').filter({ hasText: 'p95 after acceptance' });
      await first.getByText(/^≤ [\d.]+ (ms|s)$/).waitFor();
      await flow.getByText(/^requests ≤ [\d.]+ (ms|s) \(p95\)$/).waitFor();
    });

    test('tenants are listed with their quotas', async () => {
      const api = new Api(scene.running);
      const id = `0-quota-${scene.tenant}`;
      await api.call('POST', '/v1/tenants', { id, name: 'Limited Ltd', events_per_second: 25 });
      const page = await scene.open({ as: 'operator', at: '/tenants' });
      const row = page.getByRole('listitem').filter({ hasText: 'Limited Ltd' });
      await row.getByText('25 a second').waitFor();
      await page.getByRole('listitem').filter({ hasText: 'no limit' }).first().waitFor();
    });

    test('a tenant is found, its screens are seen, and a link for its people is made', async () => {
      await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Orders service' });
      const page = await scene.open({ as: 'operator', at: '/tenants' });
      await page.getByRole('link', { name: scene.tenant }).waitFor();
      await expectAccessible(page);
      await expectNarrow(page);

      const row = page.getByRole('listitem').filter({ hasText: scene.tenant });
      await row.getByRole('button', { name: 'Portal link…' }).click();
      await page.getByLabel('For whom').fill('eve@example.com');
      await page.getByRole('button', { name: 'Make the link' }).click();
      const link = (await page.locator('dialog pre').innerText()).trim();
      await page.getByRole('button', { name: 'Close' }).click();

      await page.getByLabel('Go to a tenant by its id').fill(scene.tenant);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Orders service' }).waitFor();
      expect(await page.getByText(`Tenant ${scene.tenant}`).count()).toBe(1);

      const theirs = await scene.blankPage();
      await theirs.goto(`${scene.running.url}/${link.slice(link.indexOf('#'))}`);
      await theirs.getByRole('link', { name: 'Orders service' }).waitFor();
      expect(await theirs.getByRole('link', { name: 'Tenants' }).count()).toBe(0);
    });

    test('endpoints in trouble of all tenants are listed with why and what they hold', async () => {
      const paused = await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Build bot' });
      await scene.api.change(paused.id, 'pause');
      await scene.api.post();
      await eventually(
        () => scene.api.get('/v1/deliveries?status=held'),
        ({ data }) => data.length > 0,
      );
      const page = await scene.open({ as: 'operator', at: '/troubled' });
      await page.getByLabel('Holding deliveries').check();
      const row = page.getByRole('listitem').filter({ hasText: scene.tenant });
      await row.getByText('1 held').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
      await row.getByRole('link', { name: 'Build bot' }).click();
      await page.getByRole('heading', { name: 'Build bot' }).waitFor();
    });

    test('exhausted deliveries are redriven from the dead letters', async () => {
      const receiver = await scene.receiver((nth) => (nth === 1 ? 500 : 200));
      await scene.api.endpoint({ url: receiver.url, retry: { delays: [] } });
      const { id } = await scene.api.post();
      const page = await scene.open({ as: 'operator', at: '/dead-letters' });
      const exhausted = page.locator('section').filter({ hasText: 'Exhausted' });
      await exhausted.getByText('1 message').waitFor({ timeout: 30_000 });
      await expectAccessible(page);
      await exhausted.getByRole('button', { name: 'Redrive 100…' }).click();
      await page.getByRole('button', { name: 'Redrive', exact: true }).click();
      await page.getByText(/was moved|were moved/).waitFor();
      await scene.arrived(receiver, id, 2);
      await expectNarrow(page);
    }, 60_000);

    test('all sessions of a person end at once, when that was confirmed, and nobody else’s', async () => {
      const user = 'eve@example.com';
      const made = await scene.sessionOf('operator', { user });
      await scene.sessionOf('operator', { user });
      const { page: theirs } = await scene.watchedPage(/status of 401/);
      await theirs.goto(`${scene.running.url}/#code=${made.code}`);
      await theirs.getByRole('navigation').waitFor();

      const page = await scene.open({ as: 'operator', at: '/sessions' });
      const endAll = page.getByRole('button', { name: `Revoke all… of ${user}` });
      await endAll.click();
      await page.getByRole('dialog').getByText(`${user} is signed out as an operator`).waitFor();
      expect(await page.getByText('These are your own').count()).toBe(0);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Cancel' }).click();
      expect((await new Api(scene.running).get(`/v1/portal/sessions/${made.id}?platform=true`)).status).toBe('live');

      await endAll.click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke all' }).click();
      await page.getByText(`2 sessions of ${user} have ended.`).waitFor();
      await endAll.waitFor({ state: 'detached' });
      // A page asks for its session when it is told to, and every 20 s anyway.
      await theirs.evaluate(`postMessage({ type: 'postrider:extended' })`);
      await theirs.getByRole('heading', { name: 'Your session has ended' }).waitFor();
      await page.getByRole('button', { name: 'Revoke all… of ada@example.com' }).waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
    });

    test('a tenant’s sessions are found from the list of tenants, and end there', async () => {
      await scene.api.endpoint({ url: 'https://example.com/hook' });
      await scene.sessionOf('read', { user: 'eve@acme.example' });
      const page = await scene.open({ as: 'operator', at: '/tenants' });
      const row = page.getByRole('listitem').filter({ hasText: scene.tenant });
      await row.getByRole('link', { name: 'Sessions' }).click();
      await page.getByRole('listitem').filter({ hasText: 'eve@acme.example' }).waitFor();
      expect(await page.getByRole('listitem').filter({ hasText: 'ada@example.com' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Revoke all… of eve@acme.example' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke all' }).click();
      await page.getByText('1 session of eve@acme.example has ended.').waitFor();
      expect((await scene.api.get('/v1/portal/sessions')).data).toMatchObject([{ status: 'revoked' }]);
    });

    test('a person who is not in sight is named, and an empty name is refused at its field', async () => {
      await scene.sessionOf('read', { user: 'eve@acme.example' });
      const { page } = await scene.watchedPage(/status of 422/);
      await page.goto(await scene.link('operator'));
      await scene.go(page, `/@${scene.tenant}/sessions`);
      await page.getByRole('button', { name: 'Revoke all of a person…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Revoke all' }).click();
      await dialog.locator('.wrong').waitFor();
      await dialog.getByLabel('Whose').fill('eve@acme.example');
      await dialog.getByText(`is signed out of the portal of ${scene.tenant}.`).waitFor();
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Revoke all' }).click();
      await page.getByText('1 session of eve@acme.example has ended.').waitFor();
      expect((await scene.api.get('/v1/portal/sessions')).data).toMatchObject([{ status: 'revoked' }]);
    });

    test('one’s own session is marked, and ending all of one’s own says so and signs out', async () => {
      const user = `operator-of-${scene.tenant}`;
      const page = await scene.open({ as: 'operator', at: '/sessions', session: { user } });
      const row = page.getByRole('listitem').filter({ hasText: user });
      await row.getByText('this one is yours').waitFor();
      expect(await page.getByText('this one is yours').count()).toBe(1);
      await row.getByRole('button', { name: `Revoke all… of ${user}` }).click();
      await page.getByRole('dialog').getByText('These are your own').waitFor();
      await expectAccessible(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke all' }).click();
      await page.getByRole('heading', { name: 'You have signed out' }).waitFor();
      const { data } = await new Api(scene.running).get('/v1/portal/sessions?platform=true');
      expect(data.find((one: Json) => one.user === user)).toMatchObject({ status: 'revoked' });
    });

    test('a job is shown with what it does and for whom, and can be stopped only where the service stops it', async () => {
      await scene.api.endpoint({ url: 'https://example.com/hook' });
      const { status } = await new Api(scene.running).call('POST', `/v1/tenants/${scene.tenant}/reseal`);
      expect(status).toBe(202);
      const page = await scene.open({ as: 'operator', at: '/jobs' });
      const row = page.getByRole('listitem').filter({ hasText: `of ${scene.tenant}` });
      await row.getByText('Resealing secrets').waitFor();
      expect(await row.getByRole('button', { name: 'Stop' }).count()).toBe(0);
    });

    test('jobs, sessions and settings are seen', async () => {
      const page = await scene.open({ as: 'operator', at: '/settings' });
      await page.getByText('max_endpoints').waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
      await scene.go(page, '/sessions');
      await page.getByText('ada@example.com').filter({ visible: true }).first().waitFor();
      await expectAccessible(page);
      await scene.go(page, '/jobs');
      await page.getByRole('heading', { name: 'Jobs' }).waitFor();
      await expectAccessible(page);
      await expectNarrow(page);
    });
  });
}

/** In a scene of its own: they would push the tenants of other tests off the first page. */
export function describeManyTenants(backend: Backend): void {
  describe('the operator of many tenants', () => {
    const scene = new ConsoleScene(backend, 'many-tenants');

    test('of more than 1,000 tenants the overview says that it counted the first 1,000', async () => {
      const api = new Api(scene.running);
      const page = await scene.open({ as: 'operator', at: '/overview' });
      await page.getByText('Accepted today').waitFor();
      expect(await page.getByText('Today’s numbers are those of the first 1,000 tenants.').count()).toBe(0);
      for (let made = 0; made < 1001; made += 50) {
        const ids = Array.from({ length: 50 }, (_, nth) => `many-${made + nth}`);
        await Promise.all(ids.map((id) => api.call('POST', '/v1/tenants', { id })));
      }
      await scene.go(page, '/tenants');
      await page.getByRole('heading', { name: 'Tenants' }).waitFor();
      await scene.go(page, '/overview');
      await page.getByText('Today’s numbers are those of the first 1,000 tenants.').waitFor();
      await expectAccessible(page);
    }, 60_000);
  });
}
