import * as z from 'zod';

/** A year and a day: as many days as a call shows. */
export const MAX_DAYS = 366;

export const usageDayText = z.iso.date({ error: 'must be a day, such as 2026-02-06' });
const A_DAY = { examples: ['2026-02-06'] };

export const usageRange = {
  since: usageDayText
    .optional()
    .meta({ description: 'The first day, in UTC. Default: the first of this month.', ...A_DAY }),
  until: usageDayText.optional().meta({ description: 'The last day, in UTC. Default: today.', ...A_DAY }),
};

export const usageQuery = z.strictObject(usageRange);

const count = z.int().min(0);
const EXAMPLE = { events: 1000, attempts: 1030, delivered: 995, exhausted: 2, abandoned: 3, cost_usd: 0.003788 };
export const usageCounts = {
  events: count.meta({ description: 'Events of which a first attempt was made.' }),
  attempts: count.meta({ description: 'Requests that were made, probes of paused endpoints among them.' }),
  delivered: count.meta({ description: 'Deliveries that succeeded.' }),
  exhausted: count.meta({ description: 'Deliveries that used all their attempts.' }),
  abandoned: count.meta({ description: 'Deliveries that were ended without an answer, when their turn came.' }),
  cost_usd: z.number().min(0).meta({ description: 'Dollars on AWS, by list prices: an estimate.' }),
};

const usageDay = z.object({ day: usageDayText.meta({ description: 'In UTC.', ...A_DAY }), ...usageCounts }).meta({
  id: 'UsageDay',
  description: 'What a tenant used on a day.',
  examples: [{ day: '2026-02-06', ...EXAMPLE }],
});

const usageSum = z.object(usageCounts).meta({
  id: 'UsageSum',
  description: 'What a tenant used on all days of the answer.',
  examples: [EXAMPLE],
});

export const usage = z
  .object({
    tenant_id: z.string().meta({ description: 'Whose usage it is.', examples: ['acme'] }),
    since: usageDayText.meta({ description: 'The first day that was asked for.', ...A_DAY }),
    until: usageDayText.meta({ description: 'The last day that was asked for.', ...A_DAY }),
    data: z.array(usageDay).meta({ description: 'The days with any usage, the oldest first.' }),
    total: usageSum,
  })
  .meta({
    id: 'Usage',
    description:
      'What a tenant used, by day: some seconds late. Counts are added up, and an addition may repeat or be lost when a process dies.',
    examples: [
      {
        tenant_id: 'acme',
        since: '2026-02-01',
        until: '2026-02-06',
        data: [{ day: '2026-02-06', ...EXAMPLE }],
        total: EXAMPLE,
      },
    ],
  });
