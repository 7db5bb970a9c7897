import * as z from 'zod';
import { TROUBLES } from '../../../domain/trouble.ts';
import { DEAD_LETTER_QUEUES } from '../../../pipeline/manual/redrive.ts';
import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { pageOf, pageQuery } from '../../schemas/pages.ts';
import { timestamp } from '../../schemas/times.ts';
import { endpoint } from '../endpoints/schemas.ts';
import { job } from '../jobs/schemas.ts';

/** Each row of these lists takes calls of its own. */
const MAX_ROWS = 100;
const MAX_REDRIVEN = 200;
const DEFAULT_REDRIVEN = 100;

const rows = {
  ...pageQuery,
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_ROWS)
    .default(MAX_ROWS / 2)
    .meta({ description: 'How many rows at most.', examples: [50] }),
};

/** The first example of a schema. */
function exampleOf(schema: z.ZodType): unknown {
  return ((schema.meta()?.['examples'] ?? []) as unknown[])[0];
}

const count = z.int().min(0);
const tenant = z.string().meta({ description: 'Whose it is.', examples: [EXAMPLE_IDS.tenant] });

const messages = z
  .object({
    visible: count.meta({ description: 'Messages that can be received now.' }),
    in_flight: count.meta({ description: 'Messages that were received or hidden, and not deleted.' }),
    delayed: count.meta({ description: 'Messages that were sent with a delay that has not passed.' }),
  })
  .meta({
    id: 'MessageCount',
    description: 'About how many messages a queue has.',
    examples: [{ visible: 0, in_flight: 12, delayed: 3 }],
  });

const counted = z
  .object({
    count: count.meta({ description: 'How many were counted.' }),
    capped: z.boolean().meta({ description: 'There may be more.' }),
  })
  .meta({ id: 'CappedCount', description: 'A count with a bound.', examples: [{ count: 3, capped: false }] });

const QUEUE_TEXTS = {
  deliveries: 'First attempts.',
  retries: 'Later attempts.',
  slow: 'Requests that may take long.',
  jobs: 'Bulk work.',
  exhausted: 'Deliveries that used all their attempts.',
  poison: 'What could not be read, or failed on us.',
} as const;

const queue = (name: keyof typeof QUEUE_TEXTS) => messages.meta({ description: QUEUE_TEXTS[name] });

const NO_MESSAGES = { visible: 0, in_flight: 0, delayed: 0 };
const EXAMPLE_QUEUES = {
  deliveries: NO_MESSAGES,
  retries: { visible: 0, in_flight: 12, delayed: 3 },
  slow: NO_MESSAGES,
  jobs: NO_MESSAGES,
  exhausted: { visible: 4, in_flight: 0, delayed: 0 },
  poison: NO_MESSAGES,
};

const opsQueues = z
  .object({
    deliveries: queue('deliveries'),
    retries: queue('retries'),
    slow: queue('slow'),
    jobs: queue('jobs'),
    exhausted: queue('exhausted'),
    poison: queue('poison'),
  })
  .meta({ id: 'OpsQueues', description: 'The backlog of each queue.', examples: [EXAMPLE_QUEUES] });

const NO_TROUBLE = { failing: { count: 3, capped: false }, paused: { count: 1, capped: false } };

const opsTroubled = z
  .object({
    failing: counted.meta({ description: 'Endpoints whose last attempt failed.' }),
    paused: counted.meta({ description: 'Endpoints that are paused, by hand or by the circuit breaker.' }),
  })
  .meta({ id: 'OpsTroubled', description: 'Endpoints in trouble, of all tenants.', examples: [NO_TROUBLE] });

export const opsOverview = z
  .object({
    at: timestamp.meta({ description: 'When it was looked.' }),
    queues: opsQueues,
    oldest_due_at: timestamp.nullable().meta({
      description:
        'Since when the oldest delivery is due that waits for nothing but its attempt; null: none was found.',
    }),
    swept_until: timestamp.nullable().meta({
      description: 'Sweep has moved on all that was to be checked before; null: it has not run yet.',
    }),
    braked_at: timestamp.nullable().meta({ description: 'When all sending was stopped; null: it was not.' }),
    troubled: opsTroubled,
  })
  .meta({
    id: 'OpsOverview',
    description: 'What stands where in the whole deployment.',
    examples: [
      {
        at: '2026-02-06T12:00:00.000Z',
        queues: EXAMPLE_QUEUES,
        oldest_due_at: null,
        swept_until: '2026-02-06T11:40:00.000Z',
        braked_at: null,
        troubled: NO_TROUBLE,
      },
    ],
  });

export const opsEndpointsQuery = z.strictObject({
  ...rows,
  state: z
    .enum(TROUBLES)
    .default('failing')
    .meta({
      id: 'Trouble',
      description: 'What is wrong with an endpoint. Held: it is paused, and holds deliveries.',
      examples: ['failing'],
    }),
});

const opsEndpoint = z
  .object({
    tenant_id: tenant,
    endpoint,
    failing_since: timestamp.nullable().meta({ description: 'Since when each attempt fails; null: it does not.' }),
    held: counted.nullable().meta({
      description: 'Of a paused one: the deliveries that it holds, counted up to 100; null: it is not paused.',
    }),
  })
  .meta({
    id: 'OpsEndpoint',
    description: 'An endpoint in trouble.',
    examples: [
      {
        tenant_id: EXAMPLE_IDS.tenant,
        endpoint: exampleOf(endpoint),
        failing_since: '2026-02-06T11:00:00.000Z',
        held: null,
      },
    ],
  });
export const opsEndpointPage = pageOf('OpsEndpointList', opsEndpoint);

export const opsJobsQuery = z.strictObject(rows);
const opsJob = z.object({ tenant_id: tenant, job }).meta({
  id: 'OpsJob',
  description: 'A job that has not ended.',
  examples: [{ tenant_id: EXAMPLE_IDS.tenant, job: exampleOf(job) }],
});
export const opsJobPage = pageOf('OpsJobList', opsJob);

const settingValue = z.union([z.string(), z.number(), z.boolean()]).nullable();
const opsSetting = z
  .object({
    name: z.string().meta({ description: 'What it is called.', examples: ['max_endpoints'] }),
    value: settingValue.meta({ description: 'What holds; null: nobody has said it.', examples: [10000] }),
    unit: z
      .string()
      .nullable()
      .meta({ description: 'Of a number.', examples: ['endpoints'] }),
    description: z.string().meta({ description: 'What it decides.' }),
  })
  .meta({
    id: 'OpsSetting',
    description: 'One setting of the deployment.',
    examples: [{ name: 'max_endpoints', value: 10000, unit: 'endpoints', description: 'That a tenant may have.' }],
  });

export const opsSettings = z
  .object({ data: z.array(opsSetting).meta({ description: 'All settings that the API knows.' }) })
  .meta({
    id: 'OpsSettings',
    description: 'The settings in force.',
    examples: [{ data: [exampleOf(opsSetting)] }],
  });

export const deadLetterParam = z.strictObject({
  queue: z.enum(DEAD_LETTER_QUEUES).meta({
    id: 'DeadLetterQueue',
    description: 'Exhausted: deliveries that used all their attempts. Poison: what could not be read, or failed on us.',
    examples: ['exhausted'],
  }),
});

export const redrive = z
  .strictObject({
    limit: z
      .int()
      .min(1)
      .max(MAX_REDRIVEN)
      .default(DEFAULT_REDRIVEN)
      .meta({ description: 'How many messages at most.', examples: [100] }),
  })
  .meta({ id: 'Redrive', description: 'How much is redriven.', examples: [{ limit: 100 }] });

const moved = z
  .object({
    deliveries: count.meta({ description: 'To first attempts.' }),
    retries: count.meta({ description: 'To later attempts.' }),
    slow: count.meta({ description: 'To requests that may take long.' }),
    jobs: count.meta({ description: 'To bulk work.' }),
  })
  .meta({
    id: 'RedrivenCounts',
    description: 'How many messages each queue was sent.',
    examples: [{ deliveries: 0, retries: 4, slow: 0, jobs: 0 }],
  });

const kept = z
  .object({
    message_id: z.string().meta({ description: 'The id of the message.' }),
    why: z.string().meta({ description: 'Why it stays.' }),
  })
  .meta({
    id: 'KeptDeadLetter',
    description: 'A message that stays in its queue.',
    examples: [{ message_id: '5fea7756-0ea4-451a-a703-a558b933e274', why: 'not JSON' }],
  });

export const redriven = z
  .object({
    moved,
    kept: z.array(kept).meta({ description: 'What can’t be moved. It is visible again after two minutes.' }),
    more: z.boolean().meta({ description: 'About as many as were asked for were there: there may be more.' }),
  })
  .meta({
    id: 'Redriven',
    description: 'What a redrive did.',
    examples: [{ moved: { deliveries: 0, retries: 4, slow: 0, jobs: 0 }, kept: [], more: false }],
  });
