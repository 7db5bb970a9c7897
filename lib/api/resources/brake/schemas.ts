import * as z from 'zod';
import { tenantId } from '../../schemas/ids.ts';
import { timestamp } from '../../schemas/times.ts';

export const brakeQuery = z.strictObject({
  tenant_id: tenantId.optional().meta({ description: 'Only this tenant; leave it off for the whole deployment.' }),
});

export const brake = z.object({
  tenant_id: z.string().nullable().meta({ description: 'null: the whole deployment.' }),
  braked_since: timestamp.nullable().meta({ description: 'null: it is not braked.' }),
});
export type BrakeJson = z.infer<typeof brake>;
