import { expect, test } from 'vitest';
import { OpenedTexts } from '../../../lib/adapters/key-file/opened-texts.ts';

test('a text is opened once for each context', () => {
  const texts = new OpenedTexts(10);
  let opened = 0;
  const open = () => `opened ${(opened += 1)}`;
  expect(texts.textOf('v1.a', 'tenant/ep_1', open)).toBe('opened 1');
  expect(texts.textOf('v1.a', 'tenant/ep_1', open)).toBe('opened 1');
  expect(texts.textOf('v1.a', 'tenant/ep_2', open)).toBe('opened 2');
  expect(texts.textOf('v1.b', 'tenant/ep_1', open)).toBe('opened 3');
});

test('an empty text is remembered like any other', () => {
  const texts = new OpenedTexts(10);
  expect(texts.textOf('v1.a', 'tenant/ep_1', () => '')).toBe('');
  expect(texts.textOf('v1.a', 'tenant/ep_1', () => 'again')).toBe('');
});

test('what does not open is not remembered', () => {
  const texts = new OpenedTexts(10);
  const refuse = () => {
    throw new Error('not this one');
  };
  expect(() => texts.textOf('v1.a', 'tenant/ep_1', refuse)).toThrow('not this one');
  expect(texts.size).toBe(0);
  expect(texts.textOf('v1.a', 'tenant/ep_1', () => 'opened')).toBe('opened');
});

test('no more are remembered than the limit, and each opens as itself', () => {
  const texts = new OpenedTexts(10);
  for (let n = 0; n < 100; n += 1) {
    expect(texts.textOf(`v1.${n}`, 'tenant/ep_1', () => `${n}`)).toBe(`${n}`);
    expect(texts.size).toBeLessThanOrEqual(10);
  }
});
