import { expect, test, describe } from 'vitest';
import type { Acceptance } from '../../lib/ports/acceptance.ts';
import type { EventLog } from '../../lib/ports/event-log.ts';
import type { QueueReceiver } from '../../lib/ports/queues.ts';
import { type Open, concurrently, openForTest } from './opened.ts';

/** What an event is accepted with, and what shows that it was. */
export interface AcceptancePorts {
  acceptance: Acceptance;
  events: EventLog;
  queues: QueueReceiver;
}

export function describeAcceptance(name: string, open: Open<AcceptancePorts>): void {
  const message = (body: string) => ({ body, group: 'org_1' });

  describe(`${name}: acceptance`, () => {
    test('an event is there with its messages, and another put of it sends none', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event();
      const messages = [message('a'), message('b')];
      expect(await port.acceptance.putAndSendUnlessExists(event, messages)).toBe(true);
      expect(await port.acceptance.putAndSendUnlessExists(event, messages)).toBe(false);
      expect(await port.events.get(event.tenantId, event.id)).toEqual(event);
      const received = await port.queues.receive('deliveries', 10);
      expect(received.map(({ body }) => body).toSorted()).toEqual(['a', 'b']);
    });

    test('of fifty puts at once one sends', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event();
      const put = await concurrently((caller) =>
        port.acceptance.putAndSendUnlessExists(event, [message(String(caller))]),
      );
      expect(put.filter(Boolean)).toHaveLength(1);
      const received = await port.queues.receive('deliveries', 10);
      expect(received.map(({ body }) => Number(body))).toEqual([put.indexOf(true)]);
    });

    test('an event without messages is put too', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event();
      expect(await port.acceptance.putAndSendUnlessExists(event, [])).toBe(true);
      expect(await port.events.get(event.tenantId, event.id)).toEqual(event);
      expect(await port.queues.receive('deliveries', 10)).toEqual([]);
    });

    test('a message that the queue refuses keeps the event out', async () => {
      const { port, make } = await openForTest(open);
      const event = make.event();
      const refused = { ...message('a'), delaySeconds: 901 };
      await expect(port.acceptance.putAndSendUnlessExists(event, [refused])).rejects.toThrow(RangeError);
      expect(await port.events.get(event.tenantId, event.id)).toBeUndefined();
    });
  });
}
