import { declaredDialect } from '../declared/declared.ts';
import type { DialectDefinition } from '../declared/definition.ts';
import { catalogue } from './catalogue.ts';

/** Trust for AI agents: bare hexadecimal signatures over the timestamp and the body. */
export const definition: DialectDefinition = {
  envelope: [
    { name: 'event_type', from: 'type' },
    { name: 'occurred_at', from: 'time', format: 'milliseconds' },
    { name: 'data', from: 'data' },
  ],
  headers: [
    { name: 'X-VeriSwarm-Timestamp', value: '{timestamp}' },
    { name: 'X-VeriSwarm-Delivery-Id', value: '{delivery_id}' },
  ],
  signature: {
    header: 'X-VeriSwarm-Signature',
    value: '{signature}',
    secrets: 'text',
    signed: '{timestamp}.{body}',
    algorithm: 'sha256',
    encoding: 'hex',
    only_own_secrets: false,
  },
  retry_delays: [60, 300, 900],
  breaker: 'ten_failures',
  gone_disables: false,
};

export const veriswarm = declaredDialect(definition, catalogue);
