import * as z from 'zod';
import { eventType } from '../../schemas/event-type.ts';
import { pageQuery } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { endpointStatus } from './schemas.ts';

/** Each character of the name may be escaped. */
const MAX_PAIR = 2 * 64 + 1 + 512;

/** The name ends at the first colon that no backslash stands before. */
const PAIR = /^((?:\\.|[^\\:])+):(.*)$/s;

/** @param text that {@link endpointListQuery} accepts */
export function pairOf(text: string): { name: string; value: string } {
  const [, name = '', value = ''] = PAIR.exec(text) ?? [];
  return { name: name.replaceAll(/\\(.)/gs, '$1'), value };
}

/** A page may be short, or empty, and have a next one: a call looks at a bounded number of endpoints. */
export const endpointListQuery = z.strictObject({
  ...pageQuery,
  status: endpointStatus.optional().meta({ description: 'Only endpoints with this status.' }),
  url: text(2048)
    .optional()
    .meta({
      description: 'Only endpoints whose URL has this part, in upper or lower case.',
      examples: ['example.com'],
    }),
  label: text(255)
    .optional()
    .meta({ description: 'Only endpoints whose label has this part, in upper or lower case.', examples: ['build'] }),
  metadata: z
    .string()
    .max(MAX_PAIR)
    .regex(PAIR, 'must be a pair, as name:value')
    .optional()
    .meta({
      description:
        'Only endpoints whose metadata has this pair: `name:value`. In the name, a backslash goes before a colon and before a backslash.',
      examples: ['owner:build'],
    }),
  event_type: eventType
    .optional()
    .meta({ description: 'Only endpoints that subscribe to this type.', examples: ['task.completed'] }),
});
