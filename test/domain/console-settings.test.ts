import { describe, expect, test } from 'vitest';
import { DEFAULT_CONSOLE, readFrameAncestors } from '../../lib/domain/console-settings.ts';

describe('who may show the console in a frame', () => {
  test('is its own origin, where nothing is set', () => {
    expect(DEFAULT_CONSOLE.frameAncestors).toEqual(["'self'"]);
  });

  test.each([
    [['https://app.example.com'], ['https://app.example.com']],
    [
      ['self', 'https://*.example.com:8443'],
      ["'self'", 'https://*.example.com:8443'],
    ],
    [["'self'"], ["'self'"]],
    [
      ['http://localhost:3000', 'http://127.0.0.1'],
      ['http://localhost:3000', 'http://127.0.0.1'],
    ],
    [['none'], []],
  ])('%j is read', (names, read) => {
    expect(readFrameAncestors(names)).toEqual(read);
  });

  test.each([
    'http://app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'app.example.com',
    'https://',
    '*',
    'https://*',
    "https://a.example; script-src 'unsafe-inline'",
    'https://a.example\r\nx: y',
    "'unsafe-inline'",
    'data:',
    '',
  ])('%j can’t be: it stands in a header as it is', (name) => {
    expect(() => readFrameAncestors([name])).toThrow(RangeError);
    expect(() => readFrameAncestors(['self', name])).toThrow(JSON.stringify(name));
  });

  test('none goes alone', () => {
    expect(() => readFrameAncestors(['none', 'self'])).toThrow('"none"');
  });
});
