import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../../lib/adapters/sqlite/store.ts';
import { ServiceFault } from '../../../../lib/domain/errors.ts';
import type { ReceivedMessage } from '../../../../lib/ports/queues.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

/** Queues in a file that refuses, while `refuse` is in force, any statement of a kind on a row with the body `bad`. */
function openQueues() {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-failing-rows-'));
  const path = join(folder, 'store');
  const clock = new VirtualClock();
  const store = openSqliteStore({ path, clock });
  const other = new DatabaseSync(path);
  onTestFinished(() => {
    store.close();
    other.close();
    rmSync(folder, { recursive: true });
  });
  const refuse = (kind: 'INSERT' | 'UPDATE' | 'DELETE') => {
    const body = kind === 'DELETE' ? 'OLD.body' : 'NEW.body';
    other.exec(`CREATE TRIGGER refusing BEFORE ${kind} ON messages WHEN ${body} = 'bad'
      BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  };
  return { clock, queues: store.queues, refuse, allow: () => other.exec('DROP TRIGGER refusing') };
}

const numbered = (count: number, group: string) => Array.from({ length: count }, (_, n) => ({ body: `${n}`, group }));
const BAD = { body: 'bad', group: 'a' };

describe('a row that fails among many', () => {
  test.each([0, 20, 40])('leaves none of its send, and all of any other (bad at %i)', async (at) => {
    const { queues, refuse, allow } = openQueues();
    refuse('INSERT');
    const before = queues.send('deliveries', numbered(20, 'before'));
    const failing = queues.send('deliveries', numbered(41, 'a').with(at, BAD));
    const after = queues.send('deliveries', numbered(20, 'after'));
    await expect(failing).rejects.toThrow(ServiceFault);
    await Promise.all([before, after]);
    allow();
    const groups = (await queues.receive('deliveries', 100)).map(({ group }) => group);
    const all = [...numbered(20, 'after'), ...numbered(20, 'before')];
    expect(groups.toSorted()).toEqual(all.map(({ group }) => group));
  });

  test('hands over none of its send, and gives the places back', async () => {
    const { queues, refuse } = openQueues();
    refuse('INSERT');
    const taken: ReceivedMessage[] = [];
    let free = 50;
    const taker = {
      reserve: () => (free -= 1) >= 0,
      take: (message: ReceivedMessage) => void taken.push(message),
      release: () => void (free += 1),
    };
    queues.handTo('deliveries', taker);
    await expect(queues.send('deliveries', numbered(41, 'a').with(35, BAD))).rejects.toThrow(ServiceFault);
    expect([taken, free]).toEqual([[], 50]);
    expect(queues.count('deliveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('that is received in a later round leaves those of the round before to the next receive', async () => {
    const { clock, queues, refuse, allow } = openQueues();
    await queues.send('retries', numbered(2, 'old'));
    await clock.advance(10 * 24 * 3600 * 1000);
    await queues.send('retries', [...numbered(2, 'a'), BAD]);
    refuse('UPDATE');
    await expect(queues.receive('retries', 4)).rejects.toThrow(ServiceFault);
    allow();
    expect((await queues.receive('retries', 4)).map(({ body }) => body)).toEqual(['0', '1', 'bad']);
  });

  test('keeps those that are deleted with it, whose deletion fails, and can be repeated', async () => {
    const { queues, refuse, allow } = openQueues();
    await queues.send('deliveries', [...numbered(3, 'a'), BAD]);
    const received = await queues.receive('deliveries', 10);
    refuse('DELETE');
    await expect(queues.delete('deliveries', received)).rejects.toThrow(ServiceFault);
    expect(queues.count('deliveries').inFlight).toBe(4);
    allow();
    await queues.delete('deliveries', received);
    expect(queues.count('deliveries').inFlight).toBe(0);
  });
});

test('messages of one receive are deleted from their own queue alone', async () => {
  const { queues } = openQueues();
  await queues.send('retries', numbered(3, 'a'));
  const received = await queues.receive('retries', 10);
  await queues.delete('deliveries', received);
  expect(queues.count('retries').inFlight).toBe(3);
});
