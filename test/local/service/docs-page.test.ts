import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCS_FILES } from '../../../lib/local/docs/docs-page.ts';
import { startGateway } from '../../../lib/local/service/gateway.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { ApiFixture } from '../../api/fixture.ts';
import { RawConnection } from '../../support/http.ts';

let fixture: ApiFixture;
let gateway: Listener;
beforeAll(async () => {
  fixture = await ApiFixture.open();
  gateway = await startGateway({ api: fixture.api, host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await gateway.close();
  fixture.close();
});

const get = (path: string, init?: RequestInit) => fetch(gateway.url + path, init);

describe('the reference of the API at /docs', () => {
  it('is a page that loads what this service serves, and nothing else', async () => {
    const response = await get('/docs');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const page = await response.text();
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
    const others = loaded.filter((address) => !DOCS_FILES.has(address));
    expect(others).toEqual(['data:,', '/v1/openapi.json']);
    expect(loaded.length - others.length).toBe(DOCS_FILES.size - 1);
    expect(page).not.toMatch(/<script>| style="| on[a-z]+="/);
  });

  it.each([...DOCS_FILES.keys()])('keeps scripts, styles and requests of others out of %s', async (path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    const policy = headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy?.join(' ')).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('shows the document of this service, keeps a key in memory only, and asks no validator', async () => {
    const start = await (await get('/docs/start.js')).text();
    expect(start).toContain("url: '/v1/openapi.json'");
    expect(start).toContain('persistAuthorization: false');
    expect(start).toContain('validatorUrl: null');
    const given: unknown[] = [];
    // oxlint-disable-next-line typescript/no-implied-eval -- it is what a browser does with it
    new Function('SwaggerUIBundle', start)((options: unknown) => given.push(options));
    expect(given).toMatchObject([{ dom_id: '#reference' }]);
    expect(await (await get('/docs')).text()).toContain('id="reference"');
  });

  it('has the viewer’s own files, whole', async () => {
    const script = await (await get('/docs/swagger-ui-bundle.js')).text();
    expect(script).toContain('SwaggerUIBundle');
    expect(script.length).toBeGreaterThan(1_000_000);
    expect(await (await get('/docs/swagger-ui.css')).text()).toContain('.swagger-ui');
  });

  it('serves no other file, and is only read', async () => {
    expect((await get('/docs/swagger-ui-bundle.js.map')).status).toBe(404);
    expect((await get('/docs/..%2f..%2fpackage.json')).status).toBe(404);
    const posted = await get('/docs', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is refused to a page that calls this service by a name of its own', async () => {
    const connection = new RawConnection(gateway.port);
    connection.write('GET /docs HTTP/1.1\r\nHost: evil.example\r\n\r\n');
    expect(await connection.received(/\r\n\r\n/)).toContain('HTTP/1.1 421');
    connection.destroy();
  });
});
