import { expect, test } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { arrived, crossing } from '../../../lib/local/threads/crossing-error.ts';

const copied = (error: unknown) => arrived(structuredClone(crossing(error)));

test('a fault of the service is one in the other thread too: callers tell it by its class', () => {
  const fault = new ServiceFault('SQLite: disk is full');
  expect(copied(fault)).toStrictEqual(fault);
  expect(copied(fault)).toBeInstanceOf(ServiceFault);
});

test('any other error has its name, its message and its stack in the other thread', () => {
  const error = new RangeError('a delay out of range');
  const { name, message, stack } = copied(error);
  expect({ name, message, stack }).toEqual({ name: 'RangeError', message: error.message, stack: error.stack });
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
