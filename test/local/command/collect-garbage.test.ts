import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { collectGarbage } from '../../../lib/local/command/collect-garbage.ts';

/** A piece of memory that nothing holds any more. */
function garbage(): WeakRef<object> {
  return new WeakRef({ bytes: new Uint8Array(1024) });
}

test('what nothing holds any more is collected at once', async () => {
  const left = garbage();
  const held = { bytes: new Uint8Array(1024) };
  const kept = new WeakRef(held);
  // A WeakRef holds its object until the turn in which it was made is over.
  await turn();
  collectGarbage();
  await turn();
  expect(left.deref()).toBeUndefined();
  expect(kept.deref()).toBe(held);
});

test('afterwards no code of ours finds the function', () => {
  collectGarbage();
  expect('gc' in globalThis).toBe(false);
});

/** Bytes that V8 keeps for new objects, used or not. */
function roomForNew(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}

test('the room that a start has grown for new objects is given back', () => {
  const survivors = Array.from({ length: 500_000 }, (_, n) => ({ n }));
  expect(survivors).toHaveLength(500_000);
  const grown = roomForNew();
  expect(grown).toBeGreaterThan(8 * 1024 * 1024);
  collectGarbage();
  expect(roomForNew()).toBeLessThan(grown / 4);
});
