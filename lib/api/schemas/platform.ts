import * as z from 'zod';
import { isTenantId } from '../authorize.ts';
import { timestamp } from './common.ts';

const tenantId = z
  .string()
  .refine(isTenantId, 'must be 1 to 128 letters, digits, `_`, `.`, `:` and `-`')
  .meta({ examples: ['org_abc123'] });

export const tenantParam = z.strictObject({ id: tenantId });

export const brakeQuery = z.strictObject({
  tenant_id: tenantId.optional().meta({ description: 'Only this tenant; leave it off for the whole deployment.' }),
});

export const brake = z.object({
  tenant_id: z.string().nullable().meta({ description: 'null: the whole deployment.' }),
  braked_since: timestamp.nullable().meta({ description: 'null: it is not braked.' }),
});

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
