import { expect, test } from 'vitest';
import { messageGroupId } from '../../../lib/adapters/sqs/message-group-id.ts';

const VALID = /^[\x21-\x7e]{1,128}$/;

test.each(['default', 'user@example.com', '#%|/', 'x'.repeat(128)])('the group %j is sent as it is', (group) => {
  expect(messageGroupId(group)).toBe(group);
});

test('every other group has a name that SQS takes, of its own and always the same', () => {
  const groups = ['a b', 'müller', 'mueller ', '🗼'.repeat(128), 'x'.repeat(129)];
  const names = groups.map(messageGroupId);
  for (const name of names) expect(name).toMatch(VALID);
  expect(new Set(names).size).toBe(groups.length);
  expect(groups.map(messageGroupId)).toEqual(names);
});
