import * as z from 'zod';
import { timestamp } from '../../schemas/times.ts';

export const job = z.object({
  id: z.string(),
  kind: z.enum(['abandon', 'release', 'discard', 'rate-change', 'probe', 'fan-out', 'retry', 'replay']),
  endpoint_id: z.string().nullable(),
  event_id: z.string().nullable().meta({ description: 'Of the replay of one event.' }),
  status: z.enum(['running', 'done', 'cancelled']),
  processed: z.int().meta({ description: 'Deliveries moved or made so far.' }),
  skipped: z.int().meta({
    description: 'Deliveries that were left as they are: they still wait, were repeated since, or cannot be sent.',
  }),
  created_at: timestamp,
  updated_at: timestamp,
});

export type JobJson = z.infer<typeof job>;
