import { expect, test } from 'vitest';
import { isTenantId } from '../../lib/domain/tenant-id.ts';

test.each([
  'a',
  'user@example.com',
  'org|123',
  'a b',
  '...',
  '.a',
  '#%/?',
  'müller',
  '東京',
  '🗼'.repeat(128),
  'x'.repeat(128),
])('%j may be a tenant', (text) => {
  expect(isTenantId(text)).toBe(true);
});

test.each(['', '.', '..', 'a\0', 'a\nb', '\x7f', 'a\u2028', '\ud800', '\u202e', '🗼'.repeat(129), 'x'.repeat(129)])(
  '%j may not',
  (text) => {
    expect(isTenantId(text)).toBe(false);
  },
);
