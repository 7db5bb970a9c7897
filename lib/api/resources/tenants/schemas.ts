import * as z from 'zod';
import { EXAMPLE_IDS, tenantId } from '../../schemas/ids.ts';
import { pageOf } from '../../schemas/pages.ts';
import { text } from '../../schemas/text.ts';
import { timestamp } from '../../schemas/times.ts';

const MAX_NAME = 200;

export const tenantParam = z.strictObject({ id: tenantId });

const eventsPerSecond = z
  .number()
  .min(0.1)
  .max(100_000)
  .nullable()
  .meta({ description: 'How many events a second may be posted, counted by the minute; null: as many as come.' });
const name = text(MAX_NAME)
  .nullable()
  .meta({ description: 'What people call it; null: nothing.', examples: ['Acme Inc.'] });

const EXAMPLE = { id: EXAMPLE_IDS.tenant, name: 'Acme Inc.', events_per_second: 100 };

export const tenantCreate = z
  .strictObject({ id: tenantId, name: name.optional(), events_per_second: eventsPerSecond.optional() })
  .meta({ id: 'TenantCreate', description: 'A tenant to register.', examples: [EXAMPLE] });

export const tenantUpdate = z
  .strictObject({ name: name.optional(), events_per_second: eventsPerSecond.optional() })
  .refine((edit) => Object.keys(edit).length > 0, 'must have at least one field to change')
  .meta({ id: 'TenantUpdate', description: 'What to set.', examples: [{ events_per_second: 100 }] });

export const tenant = z
  .object({
    id: z.string().meta({ description: 'The id of the tenant.' }),
    name,
    events_per_second: eventsPerSecond,
    registered_at: timestamp.nullable().meta({
      description: 'When it was created, or first used; null: nothing is known of it.',
    }),
  })
  .meta({
    id: 'Tenant',
    description: 'What the platform has set for a tenant.',
    examples: [{ ...EXAMPLE, registered_at: '2026-02-06T12:00:00.000Z' }],
  });
export const tenantPage = pageOf('TenantList', tenant);
export type TenantJson = z.infer<typeof tenant>;
