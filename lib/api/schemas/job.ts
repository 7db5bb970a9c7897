import * as z from 'zod';
import { timestamp } from './common.ts';

export const job = z.object({
  id: z.string(),
  kind: z.enum(['abandon', 'release', 'discard', 'probe', 'fan-out']),
  endpoint_id: z.string().nullable(),
  status: z.enum(['running', 'done', 'cancelled']),
  processed: z.int().meta({ description: 'Deliveries moved so far.' }),
  created_at: timestamp,
  updated_at: timestamp,
});

export type JobJson = z.infer<typeof job>;
