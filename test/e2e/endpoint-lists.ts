import { describe, expect, test } from 'vitest';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

/** The list of endpoints with its filters, over real sockets. */
export function describeEndpointLists(backend: Backend): void {
  describe(`lists of endpoints, ${backend.name}`, () => {
    const scene = new Scene(backend, 'endpoint-lists');

    test('an endpoint is found by status, URL, label, metadata and event type', async () => {
      const url = 'https://example.com/orders';
      const { id } = await scene.api.endpoint({ url, label: 'Orders & more', metadata: { owner: 'ops' } });
      const other = await scene.api.endpoint({ url: 'https://example.com/tasks', events: ['task.*'] });
      await scene.api.change(other.id, 'disable');
      const found = async (query: Record<string, string>) => {
        const { data } = await scene.api.get(`/v1/endpoints?${new URLSearchParams(query)}`);
        return data.map((row: { id: string }) => row.id);
      };
      expect(await found({ status: 'disabled' })).toEqual([other.id]);
      expect(await found({ url: '/Orders' })).toEqual([id]);
      expect(await found({ label: 'orders &' })).toEqual([id]);
      expect(await found({ metadata: 'owner:ops' })).toEqual([id]);
      expect(await found({ event_type: 'task.done' })).toEqual([id, other.id]);
      expect(await found({ event_type: 'order.paid', status: 'active' })).toEqual([id]);
    });

    test('its pages hold what the filter takes, each once', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) {
        const label = n % 2 === 0 ? 'even' : 'odd';
        const { id } = await scene.api.endpoint({ url: 'https://example.com/hook', label });
        if (label === 'even') ids.push(id);
      }
      const found: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query = new URLSearchParams({ label: 'even', limit: '2', ...(cursor !== '' && { cursor }) });
        const page = await scene.api.get(`/v1/endpoints?${query}`);
        found.push(...page.data.map((row: { id: string }) => row.id));
        cursor = page.next_cursor;
      }
      expect(found).toEqual(ids);
    });
  });
}
