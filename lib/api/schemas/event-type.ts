import * as z from 'zod';

const SEGMENTS = '[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*';
const MAX_TYPE_LENGTH = 128;

export const eventType = z
  .string()
  .max(MAX_TYPE_LENGTH)
  .regex(
    new RegExp(`^${SEGMENTS}$`),
    'must be segments of letters, digits, `_` and `-`, joined by single dots, such as task.completed',
  )
  .meta({ description: 'Dot-separated segments of letters, digits, `_` and `-`.', examples: ['task.completed'] });

export const eventPattern = z
  .string()
  .max(MAX_TYPE_LENGTH)
  .regex(
    new RegExp(`^(?:\\*|${SEGMENTS}(?:\\.\\*)?)$`),
    'must be an event type (task.completed), a prefix of types (task.*) or everything (*)',
  )
  .meta({ description: 'An event type, a prefix such as `task.*`, or `*` for everything.', examples: ['task.*'] });
