import { declaredDialect } from '../declared/declared.ts';
import type { DialectDefinition } from '../declared/definition.ts';
import { catalogue } from './catalogue.ts';

/** Project memory for coding teams: the tenant is its organization, and an endpoint's project is its webhook's. */
export const definition: DialectDefinition = {
  envelope: [
    { name: 'event', from: 'type' },
    { name: 'timestamp', from: 'time', format: 'seconds' },
    { name: 'org_id', from: 'tenant' },
    { name: 'project_id', from: 'project.id' },
    { name: 'project_name', from: 'project.name' },
    { name: 'data', from: 'data' },
  ],
  headers: [{ name: 'X-Webhook-Delivery', value: '{delivery_id}' }],
  signature: {
    header: 'X-Webhook-Signature',
    value: 'sha256={signature}',
    secrets: 'text',
    signed: '{body}',
    algorithm: 'sha256',
    encoding: 'hex',
    only_own_secrets: false,
  },
  retry_delays: [10, 60, 300],
  breaker: 'off',
  gone_disables: false,
};

export const vem = declaredDialect(definition, catalogue);
