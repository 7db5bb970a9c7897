import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { EndpointStore } from '../../lib/ports/endpoint-store.ts';
import { type Open, concurrently, openForTest, readAllPages } from './opened.ts';

export function describeEndpointStore(name: string, open: Open<EndpointStore>): void {
  describe(`${name}: endpoint store`, () => {
    test('gives back an endpoint as it was created', async () => {
      const { port, make } = await openForTest(open);
      const endpoint = make.endpoint();
      expect(await port.createUnlessExists(endpoint)).toBe(true);
      expect(await port.get(endpoint.tenantId, endpoint.id)).toEqual(endpoint);
    });

    test('finds nothing under an unknown id and nothing of another tenant', async () => {
      const { port, make } = await openForTest(open);
      const endpoint = make.endpoint();
      await port.createUnlessExists(endpoint);
      expect(await port.get(endpoint.tenantId, make.endpointId())).toBeUndefined();
      expect(await port.get(make.name('other'), endpoint.id)).toBeUndefined();
    });

    test('an id is taken by exactly one of 50 concurrent creations', async () => {
      const { port, make } = await openForTest(open);
      const endpoint = make.endpoint();
      const answers = await concurrently((caller) => port.createUnlessExists({ ...endpoint, label: `${caller}` }));
      expect(answers.filter(Boolean)).toHaveLength(1);
      const winner = answers.indexOf(true);
      expect((await port.get(endpoint.tenantId, endpoint.id))?.label).toBe(`${winner}`);
    });

    test('a generation is replaced by exactly one of 50 concurrent changes', async () => {
      const { port, make } = await openForTest(open);
      const endpoint = make.endpoint({ generation: 7 });
      await port.createUnlessExists(endpoint);
      const answers = await concurrently((caller) =>
        port.replaceIfGeneration({ ...endpoint, generation: 8, label: `${caller}` }, 7),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      const stored = await port.get(endpoint.tenantId, endpoint.id);
      expect(stored).toEqual({ ...endpoint, generation: 8, label: `${answers.indexOf(true)}` });
    });

    test('replaces nothing where no endpoint is', async () => {
      const { port, make } = await openForTest(open);
      const endpoint = make.endpoint();
      expect(await port.replaceIfGeneration(endpoint, 0)).toBe(false);
      expect(await port.get(endpoint.tenantId, endpoint.id)).toBeUndefined();
    });

    test('secrets are replaced by exactly one of 50 concurrent changes, and the generation stays', async () => {
      const { port, make } = await openForTest(open);
      const endpoint = make.endpoint({ generation: 7 });
      await port.createUnlessExists(endpoint);
      const revised = (revision: number, label: string) => ({ ...endpoint, secretsRevision: revision, label });
      for (const revision of [0, 1]) {
        const answers = await concurrently((caller) =>
          port.replaceSecretsIfRevision(revised(revision + 1, `${revision}/${caller}`), revision),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
        const stored = await port.get(endpoint.tenantId, endpoint.id);
        expect(stored).toEqual(revised(revision + 1, `${revision}/${answers.indexOf(true)}`));
      }
    });

    test('of a change of secrets and another change that have read the same, one is made', async () => {
      const { port, make } = await openForTest(open);
      const endpoint = make.endpoint();
      await port.createUnlessExists(endpoint);
      expect(await port.replaceSecretsIfRevision({ ...endpoint, secretsRevision: 1 }, 0)).toBe(true);
      expect(await port.replaceIfGeneration({ ...endpoint, generation: 2 }, 1)).toBe(false);
      expect(await port.replaceIfGeneration({ ...endpoint, generation: 2, secretsRevision: 1 }, 1)).toBe(true);
      expect(await port.replaceSecretsIfRevision({ ...endpoint, secretsRevision: 2 }, 1)).toBe(false);
    });

    test('a replacement leaves out what it no longer has', async () => {
      const { port, make } = await openForTest(open);
      const { label: _label, ...bare } = make.endpoint({ status: 'revoked', statusReason: 'deleted', secrets: [] });
      await port.createUnlessExists({ ...bare, label: 'old', status: 'active' });
      await port.replaceIfGeneration({ ...bare, generation: 2 }, 1);
      expect(await port.get(bare.tenantId, bare.id)).toEqual({ ...bare, generation: 2 });
    });

    test('pages a tenant by id, tombstones included, without loss or repeat', async () => {
      const { port, make } = await openForTest(open);
      const mine = Array.from({ length: 23 }, (_, n) => make.endpoint({ status: n % 5 === 0 ? 'revoked' : 'active' }));
      await Promise.all(mine.map((endpoint) => port.createUnlessExists(endpoint)));
      await port.createUnlessExists(make.endpoint({ tenantId: make.name('other') }));
      const pages = await readAllPages(async (after) => {
        const page = await port.page(make.tenantId, after, 5);
        return { items: page.endpoints, next: page.next };
      });
      expect(pages.every((page) => page.length <= 5)).toBe(true);
      expect(pages.flat().map(({ id }) => id)).toEqual(mine.map(({ id }) => id).toSorted());
    });

    test('counts one endpoint more, of those of a tenant that are not revoked, up to a limit', async () => {
      const { port, make } = await openForTest(open);
      await port.createUnlessExists(make.endpoint({ tenantId: make.name('other') }));
      const mine = Array.from({ length: 7 }, (_, n) => make.endpoint({ status: n === 0 ? 'disabled' : 'active' }));
      for (const [before, endpoint] of mine.entries()) {
        expect(await port.countOneMore(make.tenantId, 7)).toBe(before);
        await port.createUnlessExists(endpoint);
      }
      expect(await port.countOneMore(make.tenantId, 7)).toBeUndefined();
      await port.replaceIfGeneration({ ...(mine[3] as Endpoint), generation: 2, status: 'revoked' }, 1);
      expect(await port.countOneMore(make.tenantId, 7)).toBe(6);
      await port.createUnlessExists(make.endpoint());
      expect(await port.countOneMore(make.tenantId, 7)).toBeUndefined();
      expect(await port.countOneMore(make.tenantId, 20)).toBeGreaterThanOrEqual(7);
    });
  });
}
