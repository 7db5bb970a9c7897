import * as z from 'zod';
import { RETRY_PRESETS } from '../../../dialects/retry-presets.ts';
import { MAX_DELAYS, MAX_SCHEDULE_SECONDS } from '../../../domain/retry-schedule.ts';

const retryPreset = z.enum(RETRY_PRESETS).meta({ id: 'RetryPreset', description: 'A named schedule of retries.' });

export const retry = z
  .union(
    [
      z.strictObject({ preset: retryPreset }).meta({
        id: 'RetryByPreset',
        description: 'Retries on a named schedule.',
        examples: [{ preset: 'standard' }],
      }),
      z
        .strictObject({
          delays: z
            .array(z.int().min(1))
            .max(MAX_DELAYS)
            .refine(
              (delays) => delays.reduce((sum, delay) => sum + delay, 0) <= MAX_SCHEDULE_SECONDS,
              'must be at most 13 days (1,123,200 seconds) in all',
            )
            .meta({ description: 'Whole seconds between attempts; at most 13 days in all. Empty: no retries.' }),
        })
        .meta({
          id: 'RetryByDelays',
          description: 'Retries after delays of your own.',
          examples: [{ delays: [1, 60, 3600] }],
        }),
    ],
    'must be {"preset": "<name>"} or {"delays": [<seconds>, …]}',
  )
  .meta({
    id: 'RetryPolicy',
    description: 'When failed deliveries are tried again. The default is the preset of the dialect.',
    examples: [{ preset: 'standard' }],
  });
