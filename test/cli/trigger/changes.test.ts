import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { Refusal } from '../../../cli/src/errors/refusal.ts';
import { changeOf, changed } from '../../../cli/src/trigger/changes.ts';

function after(data: unknown, ...texts: string[]): unknown {
  const changes = texts.reduce<ReturnType<typeof changeOf>>((before, text) => changeOf(text, before), []);
  return changes.reduce(changed, data);
}

test('a field is changed, or made with what is missing on the way; the order stays', () => {
  const data = { task: { id: 'TASK-1', score: 1 }, at: 'x' };
  const text = JSON.stringify(after(data, 'task.id=TASK-7', 'task.new.deep=[1]'));
  expect(text).toBe('{"task":{"id":"TASK-7","score":1,"new":{"deep":[1]}},"at":"x"}');
  expect(data.task.id).toBe('TASK-1');
});

test('a value is JSON, or else a text', () => {
  expect(after({}, 'a=1', 'b=true', 'c="1"', 'd=x=y', 'e=', 'f={"g":null}')).toEqual({
    a: 1,
    b: true,
    c: '1',
    d: 'x=y',
    e: '',
    f: { g: null },
  });
});

test('a list takes a position, and one more at its end', () => {
  expect(after({ items: [{ n: 1 }] }, 'items.0.n=2', 'items.1.n=3')).toEqual({ items: [{ n: 2 }, { n: 3 }] });
  expect(() => after({ items: [] }, 'items.1=3')).toThrow(Refusal);
  expect(() => after({ items: [] }, 'items.x=3')).toThrow(Refusal);
});

test('a name of Object’s own is a name like any other', () => {
  const data = after({}, '__proto__.polluted=1', 'constructor.x=1') as object;
  expect(Object.keys(data)).toEqual(['__proto__', 'constructor']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('what is no object has no fields', () => {
  expect(() => after({ a: 1 }, 'a.b=2')).toThrow(Refusal);
  expect(() => after(null, 'a=2')).toThrow(Refusal);
});

test.each(['', 'a', '=1', 'a..b=1', '.a=1'])('%j is no change', (text) => {
  expect(() => changeOf(text)).toThrow(InvalidArgumentError);
});
