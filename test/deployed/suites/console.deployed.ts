import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageHeaders } from '../../../lib/api/http/page-headers.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { Api } from '../../e2e/api.ts';
import { type Deployment, currentDeployment, deployForUse } from '../cloud/deployment.ts';
import { openDoor } from '../cloud/recording-proxy.ts';
import { type StackPlace, synthesize } from '../cloud/stack.ts';
import { LIMIT_MS } from './patience.ts';

/** `-c console=self`: files in a bucket behind CloudFront, and the API below the same address. */
describe('the console in a stack of its own, deployed', () => {
  const { stack: other, proxyUrl, workFolder } = currentDeployment();
  const assembly = `${workFolder}/cdk.console`;
  const stack: StackPlace = { ...other, name: 'Console', assembly, context: { console: 'self' } };
  let deployed: Pick<Deployment, 'apiKey' | 'outputs'> & { door: Listener };
  let page: Listener;

  beforeAll(async () => {
    await synthesize(stack);
    deployed = await deployForUse(stack, proxyUrl);
    page = await openDoor(proxyUrl, new URL(deployed.outputs.ConsoleUrl ?? '').host);
  }, LIMIT_MS);
  afterAll(() => Promise.all([deployed.door.close(), page.close()]));

  test('its page has the headers of the service in one process, and is asked for each time', async () => {
    const answer = await fetch(`${page.url}/`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<!doctype html>');
    const { 'x-frame-options': _, ...shared } = pageHeaders({ frameAncestors: ["'self'"], trustedTypes: true });
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject(shared);
    expect(headers['x-frame-options']?.toUpperCase()).toBe('SAMEORIGIN');
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
    expect(headers['cache-control']).toContain('no-cache');
  });

  test('what the page loads is named by its content, and kept for ever', async () => {
    const html = await (await fetch(`${page.url}/`)).text();
    const files = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const answer = await fetch(`${page.url}/${file}`);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, expect.stringContaining('immutable')]);
    }
    expect(await (await fetch(`${page.url}/config.json`)).json()).toEqual({ api: './', docs: null });
  });

  test('calls below its address reach the API with their key, and without one are refused', async () => {
    const api = new Api({ url: page.url, apiKey: deployed.apiKey }, 'org_console');
    expect(await api.get('/v1/endpoints')).toEqual({ data: [], next_cursor: null });
    expect(await api.post()).toMatchObject({ deliveries: 0 });
    expect((await fetch(`${page.url}/v1/endpoints`)).status).toBe(401);
  });
});
