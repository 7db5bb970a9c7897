import { describe, expect, test } from 'vitest';
import type { EventType } from '../../lib/domain/event-type.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { type Open, openForTest } from './opened.ts';

const made = (type: string, tenantId?: string): EventType => ({
  ...(tenantId !== undefined && { tenantId }),
  type,
  description: 'Something happened',
  isDeprecated: false,
  createdAt: 1,
  updatedAt: 1,
});

export function describeEventTypeStore(name: string, open: Open<Pick<Ports, 'eventTypes' | 'subscriptions'>>): void {
  describe(`${name}: event types`, () => {
    test('a type is added once, and each catalogue has its own', async () => {
      const {
        port: { eventTypes: port },
        make,
      } = await openForTest(open);
      const type = make.name('type');
      const [a, b] = [`${make.tenantId}#1/50% Müller`, make.name('tenant')];
      const full = { ...made(type, a), category: 'Tasks', schema: '{"type":"object"}', example: '{"n":1}' };
      expect(await port.putUnlessExists(full)).toBe(true);
      expect(await port.putUnlessExists(made(type, a))).toBe(false);
      expect(await port.putUnlessExists(made(type))).toBe(true);
      expect(await port.get(a, type)).toEqual(full);
      expect(await port.get(undefined, type)).toEqual(made(type));
      expect(await port.get(b, type)).toBeUndefined();
    });

    test('only what is there is replaced, and what is removed is gone', async () => {
      const {
        port: { eventTypes: port },
        make,
      } = await openForTest(open);
      const type = make.name('type');
      const eventType = { ...made(type, make.tenantId), category: 'Tasks' };
      expect(await port.replaceIfExists(eventType)).toBe(false);
      expect(await port.get(make.tenantId, type)).toBeUndefined();
      await port.putUnlessExists(eventType);
      const edited = { ...made(type, make.tenantId), isDeprecated: true, updatedAt: 2 };
      expect(await port.replaceIfExists(edited)).toBe(true);
      expect(await port.get(make.tenantId, type)).toEqual(edited);
      await port.remove(make.tenantId, type);
      await port.remove(make.tenantId, type);
      expect(await port.get(make.tenantId, type)).toBeUndefined();
    });

    test('the pages have every type of one catalogue once, by name', async () => {
      const {
        port: { eventTypes: port },
        make,
      } = await openForTest(open);
      const other = make.name('tenant');
      for (const type of ['b.c', 'a', 'b-c', 'b', 'Z', 'b.a']) {
        await port.putUnlessExists(made(type, make.tenantId));
        await port.putUnlessExists(made(type, other));
      }
      const pages: string[][] = [];
      let after: string | undefined;
      do {
        const page = (await port.page(make.tenantId, after, 4)).map(({ type }) => type);
        pages.push(page);
        after = page.length === 4 ? page.at(-1) : undefined;
      } while (after !== undefined);
      expect(pages).toEqual([
        ['Z', 'a', 'b', 'b-c'],
        ['b.a', 'b.c'],
      ]);
    });

    test('ingest sees the policy of a tenant in what it reads for each event, until it is removed', async () => {
      const {
        port: { subscriptions: port },
        make,
      } = await openForTest(open);
      const policy = { refusesUnknown: true, dataCheck: 'warn' } as const;
      await port.setEventTypePolicy(make.tenantId, policy);
      expect(await port.tenant(make.tenantId)).toEqual({ shards: new Map(), eventTypePolicy: policy });
      const opposite = { refusesUnknown: false, dataCheck: 'off' } as const;
      await port.setEventTypePolicy(make.tenantId, opposite);
      expect(await port.tenant(make.tenantId)).toEqual({ shards: new Map(), eventTypePolicy: opposite });
      await port.setEventTypePolicy(make.tenantId, {});
      expect(await port.tenant(make.tenantId)).toEqual({ shards: new Map() });
    });
  });
}
