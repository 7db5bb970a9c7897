import * as z from 'zod';
import { eventType } from '../../schemas/event-type.ts';

export const endpointTestQuery = z.strictObject({
  wait: z.enum(['true', 'false']).default('false').meta({
    id: 'WaitForAnswer',
    description: 'true: the answer comes once the receiver has answered, after 10 seconds at the latest.',
  }),
});

export const endpointTest = z
  .strictObject({
    event_type: eventType.optional().meta({
      description:
        'Of the sample event, whose data is the example of the catalogue where there is one. The default is the first type that the endpoint subscribes to.',
      examples: ['task.completed'],
    }),
  })
  .meta({
    id: 'EndpointTest',
    description: 'What is sent.',
    examples: [{ event_type: 'task.completed' }],
  });
