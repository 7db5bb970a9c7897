import { expect, test } from 'vitest';
import { Deletions } from '../../../../lib/adapters/sqlite/queue/deletions.ts';
import type { QueueName, ReceivedMessage } from '../../../../lib/ports/queues.ts';

const message = (receiptHandle: string): ReceivedMessage => ({
  messageId: 'id',
  receiptHandle,
  body: '',
  group: 'acme',
  receiveCount: 1,
  sentAt: 0,
});

/** Commits that run when they are asked to, or fail before they begin. */
function openDeletions() {
  const removed: [QueueName, string[]][] = [];
  const waiting: { commit(): void; fail(): void }[] = [];
  const writeTogetherSoon = <T>(_ms: number, statements: () => T) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ commit: () => resolve(statements()), fail: () => reject(new Error('The disk is full.')) });
    });
  const remove = (queue: QueueName, handles: readonly string[]) => void removed.push([queue, [...handles]]);
  return { deletions: new Deletions({ writeTogetherSoon }, { remove }, 100), removed, waiting };
}

test('what is deleted before a commit is one write, and what comes after is of the next', async () => {
  const { deletions, removed, waiting } = openDeletions();
  const first = [deletions.add('deliveries', [message('1:a')]), deletions.add('retries', [message('2:b')])];
  first.push(deletions.add('deliveries', [message('3:a'), message('4:c')]));
  expect(waiting).toHaveLength(1);
  waiting[0]?.commit();
  await Promise.all(first);
  expect(removed.splice(0)).toEqual([
    ['deliveries', ['1:a', '3:a', '4:c']],
    ['retries', ['2:b']],
  ]);
  const second = deletions.add('deliveries', [message('5:d')]);
  waiting[1]?.commit();
  await second;
  expect(removed).toEqual([['deliveries', ['5:d']]]);
});

test('a commit that fails before it begins fails those that were gathered for it, and no later one', async () => {
  const { deletions, removed, waiting } = openDeletions();
  const lost = [deletions.add('deliveries', [message('1:a')]), deletions.add('deliveries', [message('2:a')])];
  waiting[0]?.fail();
  for (const one of lost) await expect(one).rejects.toThrow('The disk is full.');
  const later = deletions.add('deliveries', [message('3:a')]);
  waiting[1]?.commit();
  await later;
  expect(removed).toEqual([['deliveries', ['3:a']]]);
});
