import { declaredDialect } from '../declared/declared.ts';
import type { DialectDefinition } from '../declared/definition.ts';
import { catalogue } from './catalogue.ts';

/** An LLM workflow platform: each event is part of a trace, and signatures are the caller's choice. */
export const definition: DialectDefinition = {
  envelope: [
    { name: 'id', from: 'uuid' },
    { name: 'timestamp', from: 'time', format: 'milliseconds' },
    { name: 'api_version', value: '2024-10-25' },
    { name: 'trace_id', from: 'trace.trace_id' },
    { name: 'span_id', from: 'trace.span_id' },
    { name: 'parent', from: 'trace.parent' },
    { name: 'name', from: 'type' },
    { name: 'body', from: 'data' },
  ],
  headers: [],
  signature: {
    header: 'X-Vellum-Signature',
    value: '{signature}',
    secrets: 'text',
    signed: '{timestamp}\n{method}\n{url}\n{body}',
    algorithm: 'sha256',
    encoding: 'hex',
    timestamp_header: 'X-Vellum-Timestamp',
    only_own_secrets: true,
  },
  retry_delays: [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
  breaker: 'off',
  gone_disables: false,
};

export const vellum = declaredDialect(definition, catalogue);
