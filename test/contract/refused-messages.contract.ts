import { describe, expect, onTestFinished, test } from 'vitest';
import { ServiceFault } from '../../lib/domain/errors.ts';
import { MAX_MESSAGE_BYTES } from '../../lib/ports/outgoing-rules.ts';
import type { RefusedMessage, RefusedMessages } from '../../lib/ports/refused-messages.ts';

interface OpenedRefused {
  port: RefusedMessages;
  /** What an operator finds there; without a reason where there was no room for one. */
  found(): Promise<(Pick<RefusedMessage, 'body'> & Partial<RefusedMessage>)[]>;
  /** From now on nothing can be kept. */
  breakDown(): Promise<void>;
  close(): Promise<void>;
}

const REFUSED = { source: 'orders', messageId: 'message-1', code: 'invalid-json', why: 'The body is no JSON: “ü”.' };

export function describeRefusedMessages(name: string, open: () => Promise<OpenedRefused>): void {
  async function openForTest() {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  }

  describe(`${name}: refused messages`, () => {
    test('each is kept with the body that it came with, and the reason', async () => {
      const { port, found } = await openForTest();
      const first = { ...REFUSED, body: 'no\n"JSON" ü' };
      await port.put(first);
      await port.put({ ...first, messageId: 'message-2' });
      const all = (await found()).toSorted((a, b) => ((a.messageId ?? '') < (b.messageId ?? '') ? -1 : 1));
      expect(all).toEqual([first, { ...first, messageId: 'message-2' }]);
    });

    test('fifty at once are all kept, whole', async () => {
      const { port, found } = await openForTest();
      const body = 'x'.repeat(10_000);
      await Promise.all(Array.from({ length: 50 }, (_, n) => port.put({ ...REFUSED, messageId: `${n}`, body })));
      const all = await found();
      expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(50);
      expect(all.every((one) => one.body === body)).toBe(true);
    });

    test('the largest message is kept', async () => {
      const { port, found } = await openForTest();
      const body = 'x'.repeat(MAX_MESSAGE_BYTES);
      await port.put({ ...REFUSED, body });
      const [kept] = await found();
      expect(kept?.body === body).toBe(true);
    });

    test('one that can’t be kept is a fault', async () => {
      const { port, breakDown } = await openForTest();
      await breakDown();
      await expect(port.put({ ...REFUSED, body: 'x' })).rejects.toThrow(ServiceFault);
    });
  });
}
