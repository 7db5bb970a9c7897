import { expect, test } from 'vitest';
import { type Subscription, matches } from '../../lib/domain/subscription.ts';
import { indexSubscriptions } from '../../lib/domain/subscription-index.ts';
import { SeededRandom } from '../support/seeded-random.ts';

type Subscriber = Subscription & { id: string };

const topic = (type: string, project?: string) => ({
  type,
  ...(project !== undefined && { project: { id: project } }),
});
const all = () => true;
const subscriber = (id: string, events: string[], projectId?: string): Subscriber => ({
  id,
  events,
  ...(projectId !== undefined && { projectId }),
});

test('finds who asked for the type, a prefix of it or everything, in the order of the list', () => {
  const find = indexSubscriptions([
    subscriber('everything', ['*']),
    subscriber('other', ['snapshot.*', 'task.completed.late']),
    subscriber('exact', ['task.completed']),
    subscriber('twice', ['task.completed', 'task.*']),
    subscriber('project', ['task.*'], 'p1'),
    subscriber('prefix', ['task.*']),
  ]);
  expect(find(topic('task.completed', 'p1'), all).ids).toEqual(['everything', 'exact', 'twice', 'project', 'prefix']);
  expect(find(topic('task.completed', 'p2'), all).ids).toEqual(['everything', 'exact', 'twice', 'prefix']);
  expect(find(topic('task'), all).ids).toEqual(['everything']);
});

test('finds what matching each by itself finds, for 2,000 random events', () => {
  const random = new SeededRandom(3);
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(random.fraction() * choices.length)] as T;
  const segments = ['a', 'b', 'ab', 'toString', '__proto__'];
  const type = () => Array.from({ length: 1 + Math.floor(random.fraction() * 3) }, () => pick(segments)).join('.');
  const pattern = () => pick([type(), `${type()}.*`, '*']);
  const projects = [undefined, 'p1', 'p2', '__proto__'];
  const subscribers = Array.from({ length: 300 }, (_, n) =>
    subscriber(`${n}`, Array.from({ length: 1 + (n % 3) }, pattern), pick(projects)),
  );
  const find = indexSubscriptions(subscribers);
  let found = 0;
  for (let n = 0; n < 2_000; n += 1) {
    const event = topic(type(), pick(projects));
    const expected = subscribers.filter((one) => matches(one, event)).map(({ id }) => id);
    expect(find(event, all)).toEqual({ ids: expected, filtered: 0 });
    found += expected.length;
  }
  expect(found).toBeGreaterThan(10_000);
});

test('looks at nobody who asked for other things', () => {
  let looked = 0;
  const many = Array.from({ length: 10_000 }, (_, n) => ({
    events: [`type-${n}`],
    get id() {
      looked += 1;
      return `${n}`;
    },
  }));
  const find = indexSubscriptions(many);
  looked = 0;
  expect(find(topic('type-77'), all).ids).toEqual(['77']);
  expect(looked).toBe(1);
});
