import { expect, test } from 'vitest';
import { loggedUrl } from '../../lib/domain/logged-url.ts';

test.each([
  ['https://a.example/hooks?token=secret', 'https://a.example/hooks'],
  ['https://user:secret@a.example:8443/hooks', 'https://a.example:8443/hooks'],
  ['https://a.example', 'https://a.example/'],
  ['https://a.example/hooks#secret', 'https://a.example/hooks'],
  ['secret', 'unreadable'],
])('of %s the log shows %s', (url, shown) => {
  expect(loggedUrl(url)).toBe(shown);
});
