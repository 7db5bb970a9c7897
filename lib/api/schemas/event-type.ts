import * as z from 'zod';
import { MAX_TYPE_LENGTH, isReservedType } from '../../domain/event-type.ts';

const SEGMENTS = '[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*';
const CATEGORY = '[A-Za-z0-9](?:[A-Za-z0-9 _-]{0,62}[A-Za-z0-9])?';

export const category = z
  .string()
  .regex(
    new RegExp(`^${CATEGORY}$`),
    'must be 1 to 64 letters, digits, spaces, `_` and `-`, with a letter or digit at both ends',
  )
  .meta({ description: 'Endpoints subscribe to all its types by `@` and its name.', examples: ['Task Events'] });

export const eventType = z
  .string()
  .max(MAX_TYPE_LENGTH)
  .regex(
    new RegExp(`^${SEGMENTS}$`),
    'must be segments of letters, digits, `_` and `-`, joined by single dots, such as task.completed',
  )
  .meta({ description: 'Dot-separated segments of letters, digits, `_` and `-`.', examples: ['task.completed'] });

/** A type that a platform can post and describe. */
export const ownEventType = eventType.refine(
  (type) => !isReservedType(type),
  'must not begin with `postrider.`, which is for operational events (docs/alerts.md)',
);

/** What a person names types by. */
export const eventPattern = z
  .string()
  .max(MAX_TYPE_LENGTH)
  .regex(
    new RegExp(`^(?:\\*|${SEGMENTS}(?:\\.\\*)?)$`),
    'must be an event type (task.completed), a prefix of types (task.*) or everything (*)',
  )
  .meta({ description: 'An event type, a prefix such as `task.*`, or `*` for everything.', examples: ['task.*'] });

/** What an endpoint can subscribe to. */
export const subscriptionPattern = z
  .string()
  .max(MAX_TYPE_LENGTH)
  .regex(
    new RegExp(`^(?:\\*|@${CATEGORY}|${SEGMENTS}(?:\\.\\*)?)$`),
    'must be an event type (task.completed), a prefix of types (task.*), a category (@Tasks) or everything (*)',
  )
  .meta({
    description:
      'An event type, a prefix such as `task.*`, `@` and a category of the catalogue, or `*` for everything.',
    examples: ['task.*'],
  });
