import * as z from 'zod';
import { EXAMPLE_IDS, endpointId } from '../../schemas/ids.ts';
import { timeRange, timestamp } from '../../schemas/times.ts';

/** Seconds. */
const STEPS = ['60', '300', '900', '3600', '21600', '86400'] as const;

/** As many steps as an answer has at most. */
export const MAX_STEPS = 400;

export const statsQuery = z.strictObject({
  ...timeRange,
  endpoint_id: endpointId.optional().meta({
    description: 'Only this endpoint. The default: the whole tenant, by day.',
    examples: [EXAMPLE_IDS.endpoint],
  }),
  step: z
    .enum(STEPS, { error: `must be one of ${STEPS.join(', ')}` })
    .meta({
      id: 'StatsStepSeconds',
      description: 'The length of a step in seconds. The default: an hour, or a day.',
      examples: ['3600'],
    })
    .transform(Number)
    .optional(),
});

const count = z.int().min(0);
const milliseconds = z.int().min(0);

const durations = z
  .object({
    p50: milliseconds.meta({ description: 'Half of them took no longer.' }),
    p95: milliseconds.meta({ description: '95 of a hundred took no longer.' }),
    max: milliseconds.meta({ description: 'The longest.' }),
  })
  .meta({
    id: 'RequestDurations',
    description: 'Milliseconds that requests took.',
    examples: [{ p50: 41, p95: 120, max: 130 }],
  });

const counts = {
  delivered: count.meta({ description: 'Deliveries that succeeded.' }),
  exhausted: count.meta({ description: 'Deliveries that used all their attempts.' }),
  abandoned: count.meta({ description: 'Deliveries that were given up.' }),
  waiting: count.nullable().meta({ description: 'Deliveries that wait for an attempt; null: not counted.' }),
  held: count.nullable().meta({ description: 'Deliveries that wait for a resume; null: not counted.' }),
  attempts: count.meta({ description: 'Requests that were made.' }),
  failed_attempts: count.nullable().meta({ description: 'Of those, the ones that failed; null: not counted.' }),
  duration_ms: durations.nullable().meta({
    description:
      'How long requests took; null: there were none. From usage: rounded up, as `requests` of an operator’s usage.',
  }),
};

const EXAMPLE = {
  delivered: 12,
  exhausted: 0,
  abandoned: 0,
  waiting: 1,
  held: 0,
  attempts: 14,
  failed_attempts: 2,
  duration_ms: { p50: 41, p95: 120, max: 130 },
};

const statsStep = z.object({ at: timestamp.meta({ description: 'When it begins.' }), ...counts }).meta({
  id: 'StatsStep',
  description: 'What became of deliveries whose event was accepted in this step.',
  examples: [{ at: '2026-02-06T12:00:00.000Z', ...EXAMPLE }],
});

const statsTotal = z
  .object(counts)
  .meta({ id: 'StatsTotal', description: 'Of all steps together.', examples: [EXAMPLE] });

export const stats = z
  .object({
    endpoint_id: z.string().nullable().meta({ description: 'Which endpoint; null: the whole tenant.' }),
    since: timestamp.meta({ description: 'Where the first step begins.' }),
    until: timestamp.meta({ description: 'Where the last step ends.' }),
    step: count.meta({ description: 'The length of a step in seconds.' }),
    source: z.enum(['deliveries', 'usage']).meta({
      id: 'StatsSource',
      description: 'Counted from the records of deliveries, or from the usage of each day.',
    }),
    capped: z.boolean().meta({ description: 'More than the newest 1,000 records are in the range.' }),
    complete_since: timestamp.meta({ description: 'The steps before this one lack some records.' }),
    data: z.array(statsStep).meta({ description: 'Every step of the range, the oldest first.' }),
    total: statsTotal,
  })
  .meta({
    id: 'Stats',
    description: 'Outcomes of deliveries and durations of requests, in steps of time.',
    examples: [
      {
        endpoint_id: EXAMPLE_IDS.endpoint,
        since: '2026-02-06T12:00:00.000Z',
        until: '2026-02-06T13:00:00.000Z',
        step: 3600,
        source: 'deliveries',
        capped: false,
        complete_since: '2026-02-06T12:00:00.000Z',
        data: [{ at: '2026-02-06T12:00:00.000Z', ...EXAMPLE }],
        total: EXAMPLE,
      },
    ],
  });
export type StatsJson = z.infer<typeof stats>;
