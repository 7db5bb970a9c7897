import * as z from 'zod';
import { tenantId } from '../../schemas/ids.ts';

export const tenantParam = z.strictObject({ id: tenantId });

const eventsPerSecond = z
  .number()
  .min(0.1)
  .max(100_000)
  .nullable()
  .meta({ description: 'How many events a second may be posted, counted by the minute; null: as many as come.' });

export const tenantUpdate = z
  .strictObject({ events_per_second: eventsPerSecond })
  .meta({ examples: [{ events_per_second: 100 }] });

export const tenant = z.object({ id: z.string(), events_per_second: eventsPerSecond });
export type TenantJson = z.infer<typeof tenant>;
