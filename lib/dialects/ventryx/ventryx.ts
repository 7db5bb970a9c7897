import { declaredDialect } from '../declared/declared.ts';
import type { DialectDefinition } from '../declared/definition.ts';
import { catalogue } from './catalogue.ts';

/** Workflow automation. */
export const definition: DialectDefinition = {
  envelope: [
    { name: 'id', from: 'id' },
    { name: 'type', from: 'type' },
    { name: 'created_at', from: 'time', format: 'milliseconds' },
    { name: 'data', from: 'data' },
  ],
  headers: [
    { name: 'Ventryx-Event', value: '{type}' },
    { name: 'Ventryx-Delivery', value: '{delivery_id}' },
  ],
  signature: {
    header: 'Ventryx-Signature',
    value: 'sha256={signature}',
    secrets: 'text',
    signed: '{body}',
    algorithm: 'sha256',
    encoding: 'hex',
    only_own_secrets: false,
  },
  retry_delays: [60, 300, 1500, 5400],
  breaker: 'off',
  gone_disables: false,
};

export const ventryx = declaredDialect(definition, catalogue);
