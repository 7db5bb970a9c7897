import * as z from 'zod';
import { isTenantId } from '../../domain/tenant-id.ts';
import { TENANT_RULE } from '../auth/tenant-header.ts';

const ULID = '[0-9A-HJKMNP-TV-Z]{26}';

/** Of the examples in the reference. */
export const EXAMPLE_IDS = {
  tenant: 'org_abc123',
  endpoint: 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
  event: 'evt_01KGS4T2J8W5Y7R0D3F6A9B1CE',
  delivery: 'del_01KGS4T2J8W5Y7R0D3F6A9B1CE01KGS4R6M2Z9Q3V8X7T5N1C0HB0',
  job: 'job_01KGS5B7QK4M1N8P2S6V9X3Z0A',
  auditLine: 'aud_01KGS6C8RM5N2P4Q7T9V1X3Y5Z',
  apiKey: 'key_01KGS3N9W6R2T5Y8B1D4F7H0JM',
  session: 'ses_01KGS7D2V5X8Z1B4E7G0J3M6PR',
} as const;

/** The `{id}` of a path. What has another shape can't be there, and is answered like an unknown id. */
export function idParam(prefix: 'ep' | 'evt' | 'job') {
  const { name, example } = OF_PREFIX[prefix];
  const id = z.string().regex(new RegExp(`^${prefix}_${ULID}$`));
  return z.strictObject({ id: id.meta({ description: `The id of ${name}.`, examples: [example] }) });
}

const OF_PREFIX = {
  ep: { name: 'an endpoint', example: EXAMPLE_IDS.endpoint },
  evt: { name: 'an event', example: EXAMPLE_IDS.event },
  job: { name: 'a job', example: EXAMPLE_IDS.job },
} as const;

export const deliveryIdParam = z.strictObject({
  id: z
    .string()
    .regex(new RegExp(`^del_${ULID}${ULID}[0-9]{1,6}$`))
    .meta({ description: 'The id of a delivery.', examples: [EXAMPLE_IDS.delivery] }),
});

export const endpointId = z
  .string()
  .regex(new RegExp(`^ep_${ULID}$`), 'must be the id of an endpoint, such as ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB')
  .meta({ description: 'The id of an endpoint.', examples: [EXAMPLE_IDS.endpoint] });

export const tenantId = z
  .string()
  .refine(isTenantId, TENANT_RULE)
  .meta({ minLength: 1, maxLength: 128, description: 'The id of a tenant.', examples: [EXAMPLE_IDS.tenant] });
