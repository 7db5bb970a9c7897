import * as z from 'zod';
import { timestamp } from '../../schemas/times.ts';
import { writtenNumber } from '../../schemas/written-number.ts';

const MAX_RUN = 1000;
const DEFAULT_RUN = 100;

export const retriesRunQuery = z.strictObject({
  limit: writtenNumber(1, MAX_RUN)
    .default(DEFAULT_RUN)
    .meta({ description: 'How many deliveries at most.', examples: [100] }),
});

export const retriesRun = z
  .object({
    processed: z.int().meta({ description: 'Deliveries that are on their way now.' }),
    more: z.boolean().meta({
      description:
        'More may be due: the limit was reached, or there are more than the 2,000 of a status that are looked at.',
    }),
  })
  .meta({
    id: 'RetriesRun',
    description: 'What a run of the waiting deliveries did.',
    examples: [{ processed: 12, more: false }],
  });

const count = z.int().min(0);

const retryCounts = z
  .object({
    pending: count.meta({
      description: 'Set aside before their first attempt; one that was never held up is not counted.',
    }),
    retrying: count.meta({ description: 'Failed at least once, with another attempt due.' }),
    parked: count.meta({ description: 'Waiting in the table without a message.' }),
    exhausted: count.meta({ description: 'All attempts used.' }),
  })
  .meta({
    id: 'RetryCounts',
    description: 'Deliveries by status.',
    examples: [{ pending: 0, retrying: 12, parked: 3, exhausted: 1 }],
  });

export const retriesSummary = z
  .object({
    counts: retryCounts,
    rate_limited: count.meta({
      description: 'Waiting for the rate limit of their endpoint; in none of the counts.',
    }),
    held: count.meta({ description: 'Waiting for the resume of their endpoint.' }),
    due: count.meta({ description: 'How many of those that wait should have gone by now.' }),
    oldest_due_at: timestamp.nullable().meta({ description: 'The oldest due time of those that wait.' }),
    next_due_at: timestamp.nullable().meta({ description: 'The next due time that is still to come.' }),
    capped: z.boolean().meta({ description: 'There may be more: at most 2,000 of each status are counted.' }),
  })
  .meta({
    id: 'RetriesSummary',
    description: 'What waits for a next attempt.',
    examples: [
      {
        counts: { pending: 0, retrying: 12, parked: 3, exhausted: 1 },
        rate_limited: 0,
        held: 4,
        due: 2,
        oldest_due_at: '2026-02-06T11:59:30.000Z',
        next_due_at: '2026-02-06T12:00:10.000Z',
        capped: false,
      },
    ],
  });

export type RetriesSummaryJson = z.infer<typeof retriesSummary>;
