import { expect, test } from 'vitest';
import { RequestError, ServiceFault, VisibilityLimitError } from '../../../lib/domain/errors.ts';
import { arrived, crossing } from '../../../lib/local/threads/crossing-error.ts';

const copied = (error: unknown) => arrived(structuredClone(crossing(error)));

test.each([
  new ServiceFault('SQLite: disk is full'),
  new VisibilityLimitError('too long'),
  new RequestError('changed-meanwhile', 'Send it again.', 1),
  new RangeError('a delay out of range'),
  new Error('unexpected'),
])('%s has its class, its message and its stack in the other thread', (error) => {
  const again = copied(error);
  expect(again).toStrictEqual(error);
  expect(again.constructor).toBe(error.constructor);
  expect(again.stack).toBe(error.stack);
});

test('a cause comes with its error, however deep', () => {
  const fault = new ServiceFault('outer', { cause: new ServiceFault('inner', { cause: new Error('disk') }) });
  const again = copied(fault);
  expect(again.cause).toBeInstanceOf(ServiceFault);
  expect(((again.cause as Error).cause as Error).message).toBe('disk');
});

test('what is thrown and is no error becomes one', () => {
  expect(copied('a text').message).toBe('a text');
});
