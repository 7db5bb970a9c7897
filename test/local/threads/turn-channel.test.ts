import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TurnChannel } from '../../../lib/local/threads/turn-channel.ts';

test('what one turn has to say is one message, in its order', async () => {
  const messages: unknown[] = [];
  const channel = new TurnChannel<number>({ postMessage: (parts: unknown) => void messages.push(parts) });
  channel.send(1);
  channel.send(2);
  expect(messages).toEqual([]);
  await turn();
  channel.send(3);
  await turn();
  await turn();
  expect(messages).toEqual([[1, 2], [3]]);
});
