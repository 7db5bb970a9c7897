import * as z from 'zod';
import { isTenantId } from '../../domain/tenant-id.ts';
import { TENANT_RULE } from '../auth/tenant-header.ts';

const ULID = '[0-9A-HJKMNP-TV-Z]{26}';

/** The `{id}` of a path. What has another shape can't be there, and is answered like an unknown id. */
export function idParam(prefix: 'ep' | 'evt' | 'job') {
  return z.strictObject({ id: z.string().regex(new RegExp(`^${prefix}_${ULID}$`)) });
}

export const deliveryIdParam = z.strictObject({ id: z.string().regex(new RegExp(`^del_${ULID}${ULID}[0-9]{1,6}$`)) });

export const endpointId = z
  .string()
  .regex(new RegExp(`^ep_${ULID}$`), 'must be the id of an endpoint, such as ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB');

export const tenantId = z
  .string()
  .refine(isTenantId, TENANT_RULE)
  .meta({ examples: ['org_abc123'] });
