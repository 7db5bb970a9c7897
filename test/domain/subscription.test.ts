import { expect, test } from 'vitest';
import { matches } from '../../lib/domain/subscription.ts';

const topic = (type: string, project?: string) => ({ type, ...(project && { project: { id: project } }) });

test.each([
  { pattern: 'task.completed', type: 'task.completed', is: true },
  { pattern: 'task.completed', type: 'task.completed.late', is: false },
  { pattern: 'task.*', type: 'task.completed', is: true },
  { pattern: 'task.*', type: 'task.item.added', is: true },
  { pattern: 'task.*', type: 'task', is: false },
  { pattern: 'task.*', type: 'tasks.completed', is: false },
  { pattern: 'task.item.*', type: 'task.completed', is: false },
  { pattern: '*', type: 'anything', is: true },
])('a subscription to $pattern and an event $type: $is', ({ pattern, type, is }) => {
  expect(matches({ events: [pattern] }, topic(type))).toBe(is);
});

test('any of several patterns is enough', () => {
  expect(matches({ events: ['a.b', 'task.*'] }, topic('task.done'))).toBe(true);
  expect(matches({ events: [] }, topic('task.done'))).toBe(false);
});

test('an endpoint of a project gets only the events of that project', () => {
  const ofProject = { events: ['*'], projectId: 'p1' };
  expect(matches(ofProject, topic('t', 'p1'))).toBe(true);
  expect(matches(ofProject, topic('t', 'p2'))).toBe(false);
  expect(matches(ofProject, topic('t'))).toBe(false);
});

test('an endpoint of the organization gets the events of all projects', () => {
  expect(matches({ events: ['*'] }, topic('t', 'p1'))).toBe(true);
  expect(matches({ events: ['*'] }, topic('t'))).toBe(true);
});
