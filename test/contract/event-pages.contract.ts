import { describe, expect, test } from 'vitest';
import type { EventLog } from '../../lib/ports/event-log.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

const DAY_MS = 24 * 3600 * 1000;
/** The pipeline's own; a page may not come near the largest item of a table, 400 KB. */
const PAGE = 500;

/** @param open a log that keeps events for 30 days */
export function describeEventPages(name: string, open: Open<EventLog>): void {
  describe(`${name}: endpoints of an event, in pages`, () => {
    async function openWithEvent() {
      const opened = await openForTest(open);
      const event = opened.make.event();
      const { tenantId, id: eventId } = event;
      const place = (index: number, token = 'holder-1') => ({ tenantId, eventId, token, index });
      const ids = (count: number) => Array.from({ length: count }, () => opened.make.endpointId()).toSorted();
      return { ...opened, event, place, ids };
    }

    test('gives back an event that has its endpoints in pages', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event({ endpointIds: [], endpointPages: { token: 'holder-1', pages: 20, count: 10_000 } });
      await port.putUnlessExists(event);
      expect(await port.get(event.tenantId, event.id)).toEqual(event);
      expect(await port.page(event.tenantId, { limit: 1 })).toEqual([event]);
    });

    test('gives back each of twenty full pages, put at once and before their event', async () => {
      const { port, place, ids } = await openWithEvent();
      const pages = Array.from({ length: 20 }, () => ids(PAGE));
      await Promise.all(pages.map((page, index) => port.putEndpointPage(place(index), page)));
      expect(await Promise.all(pages.map((_, index) => port.endpointPage(place(index))))).toEqual(pages);
    });

    test('finds nothing where nothing was put', async () => {
      const { port, make, place, ids } = await openWithEvent();
      await port.putEndpointPage(place(0), ids(3));
      expect(await port.endpointPage(place(1))).toBeUndefined();
      expect(await port.endpointPage({ ...place(0), eventId: make.event().id })).toBeUndefined();
      expect(await port.endpointPage({ ...place(0), tenantId: make.name('other') })).toBeUndefined();
    });

    test('the pages of two holders do not mix', async () => {
      const { port, place, ids } = await openWithEvent();
      const [first, second] = [ids(3), ids(4)];
      await port.putEndpointPage(place(0, 'holder-1'), first);
      await port.putEndpointPage(place(0, 'holder-2'), second);
      expect(await port.endpointPage(place(0, 'holder-1'))).toEqual(first);
      expect(await port.endpointPage(place(0, 'holder-2'))).toEqual(second);
      expect(await port.endpointPage(place(0, 'holder-3'))).toBeUndefined();
    });

    test('a page that is put again is replaced, by one of 50 at once', async () => {
      const { port, place, ids } = await openWithEvent();
      await port.putEndpointPage(place(0), ids(3));
      const pages = Array.from({ length: 50 }, () => ids(2));
      await concurrently((caller) => port.putEndpointPage(place(0), pages[caller] ?? []));
      expect(pages).toContainEqual(await port.endpointPage(place(0)));
    });

    test('pages are no events', async () => {
      const { port, event, place, ids } = await openWithEvent();
      await port.putEndpointPage(place(0), ids(3));
      expect(await port.get(event.tenantId, event.id)).toBeUndefined();
      expect(await port.page(event.tenantId, { limit: 10 })).toEqual([]);
      expect(await port.putUnlessExists(event)).toBe(true);
      expect(await port.page(event.tenantId, { limit: 10 })).toEqual([event]);
    });

    test('a page is found as long as its event', async () => {
      const { port, clock, place, ids } = await openWithEvent();
      const page = ids(3);
      await port.putEndpointPage(place(0), page);
      await clock.advance(30 * DAY_MS - 1000);
      expect(await port.endpointPage(place(0))).toEqual(page);
      await clock.advance(2000);
      expect(await port.endpointPage(place(0))).toBeUndefined();
    });
  });
}
