import { describe, expect, test } from 'vitest';
import { once, seenInMemory } from '@postrider/sdk/receive';

describe('what has an id', () => {
  test('is handled once', async () => {
    const seen = seenInMemory();
    let handled = 0;
    const handle = () => (handled += 1);
    expect(await once(seen, 'a', handle)).toBe('handled');
    expect(await once(seen, 'a', handle)).toBe('duplicate');
    expect(await once(seen, 'b', handle)).toBe('handled');
    expect(handled).toBe(2);
  });

  test('is handled again when it failed', async () => {
    const seen = seenInMemory();
    await expect(once(seen, 'a', () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
    expect(await once(seen, 'a', () => undefined)).toBe('handled');
  });

  test('that comes while it is being handled waits, and is a duplicate only of a success', async () => {
    const seen = seenInMemory();
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const handlers = [() => first.promise, () => second.promise, () => expect.fail('it was handled a third time')];
    const calls = handlers.map((handle) => once(seen, 'a', handle));
    first.reject(new Error('no room'));
    await expect(calls[0]).rejects.toThrow('no room');
    second.resolve();
    expect(await calls[1]).toBe('handled');
    expect(await calls[2]).toBe('duplicate');
  });

  test('is running for a store that can’t wait', async () => {
    const seen = { begin: () => 'running' as const, done: () => undefined, failed: () => undefined };
    expect(await once(seen, 'a', () => expect.fail('it was handled'))).toBe('running');
  });
});

describe('the memory of ids', () => {
  const handle = () => undefined;

  test('forgets the oldest first, and only as many as there are too many', async () => {
    const seen = seenInMemory({ max: 2 });
    for (const id of ['a', 'b', 'c']) await once(seen, id, handle);
    const results = [];
    for (const id of ['c', 'b', 'a']) results.push(await once(seen, id, handle));
    expect(results).toEqual(['duplicate', 'duplicate', 'handled']);
  });

  test('forgets what is too old', async () => {
    let now = 0;
    const seen = seenInMemory({ ttl: 60, now: () => now });
    await once(seen, 'a', handle);
    now = 59_999;
    expect(await once(seen, 'a', handle)).toBe('duplicate');
    now = 60_000;
    expect(await once(seen, 'a', handle)).toBe('handled');
  });

  test('never forgets what is being handled', async () => {
    const seen = seenInMemory({ max: 1 });
    const slow = Promise.withResolvers<void>();
    const first = once(seen, 'a', () => slow.promise);
    for (const id of ['b', 'c', 'd']) await once(seen, id, handle);
    const second = once(seen, 'a', () => expect.fail('it was handled twice'));
    slow.resolve();
    expect([await first, await second]).toEqual(['handled', 'duplicate']);
  });
});
