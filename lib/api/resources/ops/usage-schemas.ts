import * as z from 'zod';
import { LATENCY_BOUNDS } from '../../../domain/latencies.ts';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { pageQuery } from '../../schemas/pages.ts';
import { usageCounts, usageDayText, usageRange } from '../usage/schemas.ts';

/** Each row reads a day's item for each day of the range. */
const MAX_ROWS = 100;
export const MAX_OPS_DAYS = 31;

export const opsUsageQuery = z.strictObject({
  ...usageRange,
  ...pageQuery,
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_ROWS)
    .default(MAX_ROWS / 2)
    .meta({ description: 'How many tenants at most.', examples: [50] }),
});

const EXAMPLE_STEPS = [
  { within_ms: 50, count: 980 },
  { within_ms: 100, count: 20 },
];
const EXAMPLE = {
  tenant_id: EXAMPLE_IDS.tenant,
  name: 'Acme',
  events_per_second: 50,
  events: 1000,
  attempts: 1030,
  delivered: 995,
  exhausted: 2,
  abandoned: 3,
  cost_usd: 0.003788,
  first_attempts: EXAMPLE_STEPS,
  requests: EXAMPLE_STEPS,
};

const latencyStep = z
  .object({
    within_ms: z
      .int()
      .nullable()
      .meta({ description: 'They took no longer than this, and longer than the bound below it; null: than all.' }),
    count: z.int().min(1).meta({ description: 'How many.' }),
  })
  .meta({
    id: 'LatencyStep',
    description: `How many took how long. The bounds are ${LATENCY_BOUNDS.join(', ')} milliseconds.`,
    examples: [EXAMPLE_STEPS[0]],
  });

const opsTenantUsage = z
  .object({
    tenant_id: z.string().meta({ description: 'Whose usage it is.', examples: [EXAMPLE_IDS.tenant] }),
    name: z.string().nullable().meta({ description: 'What people call the tenant.' }),
    events_per_second: z.number().nullable().meta({ description: 'Its quota now; null: no limit.' }),
    ...usageCounts,
    first_attempts: z
      .array(latencyStep)
      .meta({ description: 'First attempts by the time from the 202 to their start, without manual retries.' }),
    requests: z.array(latencyStep).meta({ description: 'Requests by how long they took.' }),
  })
  .meta({ id: 'OpsTenantUsage', description: 'What a tenant used in the range.', examples: [EXAMPLE] });

export const opsUsage = z
  .object({
    since: usageDayText.meta({ description: 'The first day that was asked for, in UTC.', examples: ['2026-02-01'] }),
    until: usageDayText.meta({ description: 'The last day that was asked for, in UTC.', examples: ['2026-02-06'] }),
    data: z.array(opsTenantUsage).meta({ description: 'The tenants of this page, by id.' }),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Pass it as `cursor` for the next page; null on the last.' }),
  })
  .meta({
    id: 'OpsUsage',
    description: 'What all tenants used: a page of them.',
    examples: [{ since: '2026-02-01', until: '2026-02-06', data: [EXAMPLE], next_cursor: null }],
  });
