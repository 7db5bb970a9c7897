import * as z from 'zod';
import { EXAMPLE_IDS, tenantId } from '../../schemas/ids.ts';

export const tenantParam = z.strictObject({ id: tenantId });

const eventsPerSecond = z
  .number()
  .min(0.1)
  .max(100_000)
  .nullable()
  .meta({ description: 'How many events a second may be posted, counted by the minute; null: as many as come.' });

export const tenantUpdate = z
  .strictObject({ events_per_second: eventsPerSecond })
  .meta({ id: 'TenantUpdate', description: 'What to set.', examples: [{ events_per_second: 100 }] });

export const tenant = z
  .object({ id: z.string().meta({ description: 'The id of the tenant.' }), events_per_second: eventsPerSecond })
  .meta({
    id: 'Tenant',
    description: 'What the platform has set for a tenant.',
    examples: [{ id: EXAMPLE_IDS.tenant, events_per_second: 100 }],
  });
export type TenantJson = z.infer<typeof tenant>;
