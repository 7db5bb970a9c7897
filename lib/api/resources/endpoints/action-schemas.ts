import * as z from 'zod';
import { eventPattern } from '../../schemas/event-type.ts';
import { EMPTY_RANGE, instant, isRange } from '../../schemas/times.ts';

export const resumeRequest = z
  .strictObject({
    held: z
      .enum(['release', 'discard'])
      .meta({
        id: 'HeldDeliveries',
        description: 'What happens to the deliveries that were held: sent, oldest first, or abandoned.',
      })
      .default('release'),
  })
  .meta({ id: 'EndpointResume', description: 'How an endpoint is resumed.', examples: [{ held: 'release' }] });

export const endpointReplay = z
  .strictObject({
    since: instant.meta({ description: 'Only events that came at or after this time.' }),
    until: instant.optional().meta({ description: 'Only events that came before this time. The default is now.' }),
    event_types: z
      .array(eventPattern)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Only events of these types. The default is what the endpoint subscribes to now.' }),
  })
  .refine(isRange, EMPTY_RANGE)
  .meta({
    id: 'EndpointReplay',
    description: 'Which events are sent again.',
    examples: [{ since: '2026-02-06T12:00:00Z', until: '2026-02-06T18:00:00Z', event_types: ['task.*'] }],
  });
