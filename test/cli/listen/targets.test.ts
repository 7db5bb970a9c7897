import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { mappingOf, targetFor, targetOf } from '../../../cli/src/listen/targets.ts';

test('a target can be typed for short', () => {
  expect(targetOf('3000')).toBe('http://localhost:3000/');
  expect(targetOf('3000/hooks?a=1')).toBe('http://localhost:3000/hooks?a=1');
  expect(targetOf('localhost:3000/hooks')).toBe('http://localhost:3000/hooks');
  expect(targetOf('https://example.com/hooks')).toBe('https://example.com/hooks');
});

test.each(['', 'ftp://example.com', 'http://', 'file:///etc/passwd'])('%j is no target', (text) => {
  expect(() => targetOf(text)).toThrow(InvalidArgumentError);
});

test('the first mapping that names a type decides, then the general target', () => {
  const mappings = mappingOf('*=4', mappingOf('task.*=3', mappingOf('task.done=2')));
  const [done, , rest] = ['task.done', 'task.x', 'order.paid'].map((type) =>
    targetFor(type, mappings, 'http://other/'),
  );
  expect([done, rest]).toEqual(['http://localhost:2/', 'http://localhost:4/']);
  expect(targetFor('task.x', mappings, undefined)).toBe('http://localhost:3/');
  expect(targetFor('tasks.x', mappingOf('task.*=3'), 'http://other/')).toBe('http://other/');
  expect(targetFor('order.paid', mappingOf('task.*=3'), undefined)).toBeUndefined();
});

test.each(['task.done', '=3000', 'task.done=', 'a b=3000'])('%j is no mapping', (text) => {
  expect(() => mappingOf(text)).toThrow(InvalidArgumentError);
});
