import * as z from 'zod';
import { timestamp } from '../../schemas/times.ts';

const MAX_RUN = 1000;
const DEFAULT_RUN = 100;

export const retriesRunQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_RUN)
    .default(DEFAULT_RUN)
    .meta({ description: 'How many deliveries at most.' }),
});

export const retriesRun = z.object({
  processed: z.int().meta({ description: 'Deliveries that are on their way now.' }),
  more: z.boolean().meta({
    description:
      'More may be due: the limit was reached, or there are more than the 2,000 of a status that are looked at.',
  }),
});

const count = z.int().min(0);

export const retriesSummary = z.object({
  counts: z.object({
    pending: count.meta({
      description: 'Set aside before their first attempt; one that was never held up is not counted.',
    }),
    retrying: count,
    parked: count,
    exhausted: count,
  }),
  rate_limited: count.meta({ description: 'Waiting for the rate limit of their endpoint; in none of the counts.' }),
  held: count.meta({ description: 'Waiting for the resume of their endpoint.' }),
  due: count.meta({ description: 'How many of those that wait should have gone by now.' }),
  oldest_due_at: timestamp.nullable(),
  next_due_at: timestamp.nullable(),
  capped: z.boolean().meta({ description: 'There may be more: at most 2,000 of each status are counted.' }),
});

export type RetriesSummaryJson = z.infer<typeof retriesSummary>;
