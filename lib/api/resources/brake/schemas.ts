import * as z from 'zod';
import { tenantId } from '../../schemas/ids.ts';
import { timestamp } from '../../schemas/times.ts';

export const brakeQuery = z.strictObject({
  tenant_id: tenantId.optional().meta({ description: 'Only this tenant; leave it off for the whole deployment.' }),
});

export const brake = z
  .object({
    tenant_id: z.string().nullable().meta({ description: 'Whose brake it is; null: that of the whole deployment.' }),
    braked_since: timestamp.nullable().meta({ description: 'Since when; null: it is not braked.' }),
  })
  .meta({
    id: 'Brake',
    description: 'Whether sending is stopped.',
    examples: [{ tenant_id: null, braked_since: '2026-02-06T12:00:00.000Z' }],
  });
export type BrakeJson = z.infer<typeof brake>;
