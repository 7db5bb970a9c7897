import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../../../lib/api/routes.ts';
import { startGateway } from '../../../lib/local/service/gateway.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { isLong } from '../../support/extent.ts';
import { ApiFixture, PLATFORM_KEY } from '../fixture.ts';
import { fuzz } from './fuzz.ts';

const RUNS = Number(process.env['POSTRIDER_FUZZ_RUNS'] ?? (isLong ? 100 : 20));
/** For each operation, at most. */
const MS = Number(process.env['POSTRIDER_FUZZ_MS'] ?? 700);

let fixture: ApiFixture;
let gateway: Listener;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  gateway = await startGateway({ api: fixture.api, host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await gateway.close();
  fixture.close();
});

describe('generated requests get an answer that the document describes', () => {
  it.each(routes.map((route) => [route.operationId, route] as const))('%s', async (_, route) => {
    await fuzz({ url: gateway.url, apiKey: PLATFORM_KEY }, route, RUNS, MS);
  });
});

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Whether a request to this path is meant for it alone: `/v1/events/batch` is an id of `/v1/events/{id}` too. */
function isPlain(path: string): boolean {
  const others = routes.filter((route) => route.path !== path);
  return !others.some((route) => new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path));
}

describe('a method that a path does not have is a 405 with the ones that it has', () => {
  const paths = [...new Set(routes.map(({ path }) => path))].filter(isPlain);
  it.each(paths)('%s', async (path) => {
    const has = routes.filter((route) => route.path === path).map(({ method }) => method as string);
    for (const method of METHODS.filter((one) => !has.includes(one))) {
      const response = await fetch(gateway.url + path.replace('{id}', 'x'), { method });
      expect([method, response.status]).toEqual([method, 405]);
      const allowed = (response.headers.get('allow') ?? '').split(', ');
      expect(allowed.toSorted()).toEqual([...has, ...(has.includes('GET') ? ['HEAD'] : [])].toSorted());
    }
  });
});
